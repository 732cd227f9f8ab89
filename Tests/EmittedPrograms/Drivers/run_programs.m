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
  if any(strcmp(checks, 'test'))
    evalc([item.functionName '();']);
    say(item.id, 'check', 'test');
  end
  say(item.id, 'end');
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
