// Newton's method for logistic regression, on a program that is compiled once: value, gradient and
// Hessian in one call, on memory that is made once.
//
//     swift run -c release LogisticRegression

import Frechet

let (m, n) = (10_000, 20)
let f = try Language.elaborate(
  "sum(log(1 + exp(-y.*(X*w))))/m + c/2*norm2(w)^2",
  declarations: ["X: matrix(m,n)", "y: vector(m)"])
let program = try f.compile(
  [.value, .gradient("w"), .hessian("w")], sizes: ["m": m, "n": n])

// Data with a known answer, and noise.
var generator = SplitMix64(seed: 1)
let x = Matrix(rows: m, columns: n) { _, _ in generator.normal() }
let truth = Matrix(rows: n, columns: 1) { i, _ in i % 2 == 0 ? 1 : -0.5 }
let scores = x.times(truth)
let y = Matrix(rows: m, columns: 1) { i, _ in scores[i] + generator.normal() > 0 ? 1 : -1 }

var w = Matrix.zeros(n, 1)
let workspace = program.makeWorkspace()
for step in 0..<20 {
  let results = try program.evaluate(
    ["X": x, "y": y, "w": w, "c": Matrix(1e-4)], in: workspace
  ).matrices
  let (value, gradient, hessian) = (results[0], results[1], results[2])
  print("step \(step): f = \(value[0]), |gradient| = \(gradient.frobeniusNorm)")
  if gradient.frobeniusNorm < 1e-10 { break }
  let factors = try LUFactorization(hessian)
  w = w.subtracting(try factors.solve(gradient))
}

// Several tasks share the program; each has a workspace of its own.
let values = try await withThrowingTaskGroup(of: Double.self) { group in
  for scale in [0.5, 1, 2] {
    let moved = w.scaled(by: scale)
    group.addTask { try program(["X": x, "y": y, "w": moved, "c": Matrix(1e-4)])[0][0] }
  }
  return try await group.reduce(into: []) { $0.append($1) }
}
print("the lowest of all is the answer:", (values.min() ?? .nan) < (values.max() ?? .nan))
