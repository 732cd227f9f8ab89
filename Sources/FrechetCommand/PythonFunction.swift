/// A function of a Python file: `@code.py:function`.
struct PythonFunction: CustomStringConvertible, Sendable {
  let path: String
  let name: String

  var description: String { "\(path):\(name)" }

  init(_ argument: String) throws(CommandError) {
    let text = argument.dropFirst()
    guard let colon = text.lastIndex(of: ":") else {
      throw .wrongInput(
        "--gradient \(argument): the name of the function is missing, as in @code.py:gradient")
    }
    path = String(text[..<colon])
    name = String(text[text.index(after: colon)...])
    guard !path.isEmpty, !name.isEmpty else {
      throw .wrongInput(
        "--gradient \(argument): a file and a function are expected, as in @code.py:gradient")
    }
  }

  /// For each folder that standard input names: reads the arguments that lie there, calls the
  /// function with those that it names, writes its result, and last the file `done`.
  ///
  /// What goes wrong is written into the file `problem`, a message, or `numpy` where that is missing,
  /// and ends the process.
  static let harness = #"""
    import importlib.util, inspect, os, sys, traceback

    sys.dont_write_bytecode = True
    path, name, kind, variables, flat, scalars = sys.argv[1:7]

    def split(text):
        return [part for part in text.split(",") if part]

    variables, flat, scalars = split(variables), split(flat), split(scalars)
    calls = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def next_folder():
        line = calls.readline()
        if not line:
            os._exit(0)
        return line.rstrip("\n")

    folder = next_folder()

    def stop(problem):
        with open(os.path.join(folder, "problem"), "w", encoding="utf-8") as file:
            file.write(problem)
        os._exit(1)

    def trace(skipped):
        kind, value, where = sys.exc_info()
        for _ in range(skipped):
            where = where.tb_next if where is not None and where.tb_next is not None else where
        lines = "".join(traceback.format_exception(kind, value, where)).rstrip().splitlines()
        return "\n".join("  | " + line for line in lines[-12:])

    try:
        import numpy
    except ImportError:
        stop("numpy")

    if not os.path.isfile(path):
        stop("there is no such file")
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location("frechet_user_code", path)
    if spec is None:
        stop("the file is no Python module; its name should end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        stop("the file cannot be imported:\n" + trace(3))

    function = getattr(module, name, None)
    if not callable(function):
        known = [
            key for key, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == spec.name
        ]
        stop("there is no such function"
             + ("; the file defines " + ", ".join(known) if known else ""))
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        stop("its parameters cannot be read; a function written in Python would do")

    torch = sys.modules.get("torch")
    if torch is not None and not any(value is torch for value in vars(module).values()):
        torch = None

    def arguments():
        values = {}
        for variable in variables:
            array = numpy.load(os.path.join(folder, variable + ".npy")).astype(kind)
            array = numpy.ascontiguousarray(array)
            if variable in scalars:
                array = array.reshape(()) if torch is not None else array.reshape(())[()]
            elif variable in flat:
                array = array.reshape(-1)
            values[variable] = torch.tensor(array) if torch is not None else array
        with open(os.path.join(folder, "sizes"), encoding="utf-8") as file:
            for entry in split(file.read()):
                key, size = entry.split("=")
                values.setdefault(key, int(size))
        positional, named = [], {}
        for parameter in parameters:
            if parameter.kind == parameter.VAR_KEYWORD:
                named.update({key: values[key] for key in variables if key not in named})
            elif parameter.kind == parameter.VAR_POSITIONAL:
                pass
            elif parameter.name in values:
                if parameter.kind == parameter.POSITIONAL_ONLY:
                    positional.append(values[parameter.name])
                else:
                    named[parameter.name] = values[parameter.name]
            elif parameter.default is parameter.empty:
                stop("its parameter " + parameter.name + " is no name of the input, which has "
                     + ", ".join(values))
        return positional, named

    def numbers(result):
        if result is None:
            stop("it returned nothing; the gradient is to be returned")
        if isinstance(result, tuple):
            stop("it returned a tuple of %d; one array is expected" % len(result))
        if torch is not None and isinstance(result, torch.Tensor):
            result = result.detach().cpu().resolve_conj().resolve_neg()
            if result.dtype in (torch.bfloat16, torch.float16):
                result = result.float()
            result = result.numpy()
        try:
            array = numpy.asarray(result)
            kind = array.dtype.kind
        except Exception:
            kind = "?"
        if kind == "c":
            stop("it returned complex numbers; real ones are expected")
        if kind not in "fiub":
            stop("it returned " + type(result).__name__ + ", which is no array of numbers")
        if array.ndim > 2:
            stop("it returned an array of the shape %s; two dimensions are the most"
                 % (array.shape,))
        single = array.dtype in (numpy.float32, numpy.float16)
        return array.astype("<f4" if single else "<f8")

    while True:
        positional, named = arguments()
        try:
            result = function(*positional, **named)
        except BaseException:
            stop("it raised an exception:\n" + trace(1))
        numpy.save(os.path.join(folder, "gradient.npy"), numbers(result))
        open(os.path.join(folder, "done"), "w").close()
        folder = next_folder()
    """#
}
