import Emission
import ExpressionCore

/// The names of the expressions in these tests, where they differ from the language's defaults.
let testScope = NameScope(shapes: [
  "N": .scalar, "d": .scalar, "c": .scalar, "s": .scalar, "t": .scalar, "sigma": .scalar,
  "a": Shape("n", 1), "b": Shape("m", 1), "g": Shape("n", 1), "mu": Shape("n", 1),
  "beta_hat": Shape("n", 1), "r": Shape(1, "n"), "X": Shape("m", "n"), "theta1": .scalar,
])
