import Evaluation
import Frechet
import Testing

@testable import Compilation

/// Totals in single precision that threads have added up, each its part. The number of threads is
/// that of the whole process: not beside tests that compare results bit for bit.
extension VectorMathTests {
  @Suite("Single precision on threads")
  struct NarrowThreadTests {
    private static func data(_ input: TypedInput) -> [String: Matrix] {
      var generator = SplitMix64(seed: 8)
      let sizes = ["m": 3001, "n": 37, "k": 5, "p": 4]
      var data: [String: Matrix] = [:]
      for variable in input.variables {
        guard let rows = variable.shape.rows.value({ sizes[$0] }),
          let columns = variable.shape.columns.value({ sizes[$0] })
        else { continue }
        data[variable.name] = Matrix(rows: rows, columns: columns) { _, _ in
          0.3 * generator.normal()
        }
      }
      return data
    }

    @Test(
      "parts of a sweep are combined, to the bound",
      arguments: [
        "X'*((tanh(X*W)*V - Y)*V')", "X'*(softmax(X*W,2) - Z)", "X'*X",
        // Relative to the largest entry so far.
        "X'*diag(exp(X*w - max(X*w)))*X", "X'*diag(softmax(X*w))*X",
      ])
    func parts(text: String) throws {
      let input = try Language.elaborate(
        text,
        declarations: [
          "X: matrix(m,n)", "W: matrix(n,k)", "V: matrix(k,p)", "Y: matrix(m,p)",
          "Z: matrix(m,k)", "w: vector(n)",
        ])
      let data = Self.data(input).filter { name, _ in
        input.variables.contains { $0.name == name }
      }
      for threads in [1, 2, 3] {
        var options = Program.Options()
        options.threads = threads
        try expectWithinBound(
          input, data, sizes: ["m": 3001, "n": 37, "k": 5, "p": 4], options: options)
      }
    }
  }
}
