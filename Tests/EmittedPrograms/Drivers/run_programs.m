% Runs emitted functions and prints what they return.
%
% usage: octave-cli run_programs.m FOLDER [CHECK,...] [NAME...]
%
% FOLDER has cases.json and, for each case, a folder with its function. A function that is called
% without arguments runs its own test.
1;

function say(varargin)
  fprintf('%s\n', strjoin(varargin, "\t"));
  fflush(stdout);
end

function run_case(item, folder, checks)
  inputs = {};
  for k = 1:numel(item.arguments)
    a = item.arguments(k);
    % The values come row by row.
    inputs{end + 1} = reshape(a.values, a.columns, a.rows)';
  end
  inputs = [inputs, num2cell(item.sizes(:)')];
  results = cell(1, numel(item.outputs));
  addpath(fullfile(folder, item.file));
  [results{:}] = feval(item.functionName, inputs{:});
  for k = 1:numel(results)
    result = results{k};
    if ~isreal(result)
      error('%s is complex', item.outputs(k).name);
    end
    sizes = sprintf('%d ', size(result));
    numbers = sprintf('%.17g ', full(double(result))');
    say(item.id, 'output', item.outputs(k).name, sizes, numbers);
  end
  if any(ismember({'test', 'bench'}, checks))
    said = strsplit(evalc([item.functionName '();']), "\n");
    if any(strcmp(checks, 'test'))
      say(item.id, 'check', 'test');
    end
    if any(strcmp(checks, 'bench'))
      say(item.id, 'bench', said{end - 1});
    end
  end
  if any(strcmp(checks, 'shapes'))
    for k = 1:numel(item.misfits)
      refuses(item, inputs, item.misfits(k));
    end
    say(item.id, 'check', 'shapes');
  end
  say(item.id, 'end');
end

% Raises an error where a call with an argument of a wrong shape does not, or not one that names it.
function refuses(item, inputs, misfit)
  name = item.arguments(misfit.place + 1).name;
  inputs{misfit.place + 1} = ones(misfit.rows, misfit.columns);
  words = sprintf('shapes: %s of size %d x %d', name, misfit.rows, misfit.columns);
  try
    feval(item.functionName, inputs{:});
  catch failure
    if ~isempty(regexp(failure.message, ['^' name '_*: expected '], 'once'))
      return
    end
    error('%s: %s', words, failure.message);
  end
  error('%s is accepted', words);
end

arguments = argv();
folder = arguments{1};
checks = strsplit(arguments{2}, ',');
cases = jsondecode(fileread(fullfile(folder, 'cases.json')));
for k = 1:numel(cases)
  item = cases(k);
  if ~any(strcmp(arguments(3:end), item.name))
    continue
  end
  try
    run_case(item, folder, checks);
  catch failure
    say(item.id, 'failure', regexprep(failure.message, '[\n\t]', ' '));
  end
  % All functions have few names between them.
  rmpath(fullfile(folder, item.file));
  clear(item.functionName);
end
