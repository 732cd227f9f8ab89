import Emission
import ExpressionCore
import ExpressionLanguage
import Testing

struct IndexCase: Sendable, CustomTestStringConvertible {
  let text: String
  let latex: String
  let build: @Sendable (inout Tape) -> Int
  var testDescription: String { text }

  init(_ text: String, _ latex: String, _ build: @escaping @Sendable (inout Tape) -> Int) {
    self.text = text
    self.latex = latex
    self.build = build
  }

  static let all: [IndexCase] = [
    // (A + A')*x
    IndexCase(
      #"Σ_j (A[i,j] + A[j,i])*x[j]"#,
      #"\sum_{j} (A_{ij} + A_{ji}) x_{j}"#
    ) { t in
      let a = t.variable("A", "n", "n")
      let x = t.variable("x", "n", 1)
      let transposed = t.transpose(a)
      return t.multiply(t.add(a, transposed), x)
    },
    // X'*(X*w - y)/N
    IndexCase(
      #"Σ_j X[j,i]*(Σ_k X[j,k]*w[k] - y[j])/N"#,
      #"\sum_{j} \frac{X_{ji} (\sum_{k} X_{jk} w_{k} - y_{j})}{N}"#
    ) { t in
      let x = t.variable("X", "m", "n")
      let w = t.variable("w", "n", 1)
      let y = t.variable("y", "m", 1)
      let count = t.variable("N", 1, 1)
      let fit = t.multiply(x, w)
      let residual = t.add(fit, y, .subtract)
      let transposed = t.transpose(x)
      let product = t.multiply(transposed, residual)
      return t.apply(.divide, [product, count], "n", 1)
    },
    // x'*A*x
    IndexCase(
      #"Σ_{i,j} x[j]*A[j,i]*x[i]"#,
      #"\sum_{i,j} x_{j} A_{ji} x_{i}"#
    ) { t in
      let a = t.variable("A", "n", "n")
      let x = t.variable("x", "n", 1)
      let row = t.transpose(x)
      return t.multiply(t.multiply(row, a), x)
    },
    // kron(B',A)
    IndexCase(
      #"B[l,j]*A[i,k]"#,
      #"B_{lj} A_{ik}"#
    ) { t in
      let a = t.variable("A", "p", "m")
      let b = t.variable("B", "n", "q")
      let transposed = t.transpose(b)
      return t.apply(.kron, [transposed, a], Dim("q") * "p", Dim("n") * "m")
    },
    // kron(eye(n),A)
    IndexCase(
      #"δ[j,l]*A[i,k]"#,
      #"\delta_{jl} A_{ik}"#
    ) { t in
      let a = t.variable("A", "p", "m")
      let eye = t.apply(.eye, [], "n", "n")
      return t.apply(.kron, [eye, a], Dim("n") * "p", Dim("n") * "m")
    },
    // commutation(m,n)
    IndexCase(
      #"δ[i,l]*δ[j,k]"#,
      #"\delta_{il} \delta_{jk}"#
    ) { t in
      t.apply(.commutation, [], Dim("m") * "n", Dim("m") * "n", parameters: ["m", "n"])
    },
    // kron(B',A)*vec(X)
    IndexCase(
      #"Σ_{k,l} B[l,j]*A[i,k]*X[k,l]"#,
      #"\sum_{k,l} B_{lj} A_{ik} X_{kl}"#
    ) { t in
      let a = t.variable("A", "p", "m")
      let b = t.variable("B", "n", "q")
      let x = t.variable("X", "m", "n")
      let transposed = t.transpose(b)
      let kron = t.apply(.kron, [transposed, a], Dim("q") * "p", Dim("n") * "m")
      let vec = t.apply(.vec, [x], Dim("n") * "m", 1)
      return t.multiply(kron, vec)
    },
    // kron(B,A)*x, of a plain vector
    IndexCase(
      #"Σ_{k,l} B[j,l]*A[i,k]*x[k+(l-1)*m]"#,
      #"\sum_{k,l} B_{jl} A_{ik} x_{k + (l - 1) m}"#
    ) { t in
      let a = t.variable("A", "p", "m")
      let b = t.variable("B", "q", "n")
      let x = t.variable("x", Dim("n") * "m", 1)
      let kron = t.apply(.kron, [b, a], Dim("q") * "p", Dim("n") * "m")
      return t.multiply(kron, x)
    },
    // diag(x)*A
    IndexCase(
      #"x[i]*A[i,j]"#,
      #"x_{i} A_{ij}"#
    ) { t in
      let a = t.variable("A", "n", "m")
      let x = t.variable("x", "n", 1)
      let diag = t.apply(.diag, [x], "n", "n")
      return t.multiply(diag, a)
    },
    // diag(softmax(x)) - softmax(x)*softmax(x)'
    IndexCase(
      #"δ[i,j]*exp(x[i])/(Σ_k exp(x[k])) - exp(x[i])*exp(x[j])/(Σ_l exp(x[l]))/(Σ_r exp(x[r]))"#,
      #"\frac{\delta_{ij} \exp(x_{i})}{\sum_{k} \exp(x_{k})} - \frac{\exp(x_{i}) \exp(x_{j})}{(\sum_{l} \exp(x_{l})) (\sum_{r} \exp(x_{r}))}"#
    ) { t in
      let x = t.variable("x", "n", 1)
      let s = t.apply(.softmax, [x], "n", 1, parameters: [1])
      let diag = t.apply(.diag, [s], "n", "n")
      let row = t.transpose(s)
      let outer = t.multiply(s, row)
      return t.add(diag, outer, .subtract)
    },
    // s = sigmoid(X*w); X'*(s.*(1 - s))
    IndexCase(
      #"Σ_j X[j,i]*s[j]*(1 - s[j])"#,
      #"\sum_{j} X_{ji} s_{j} (1 - s_{j})"#
    ) { t in
      let x = t.variable("X", "m", "n")
      let w = t.variable("w", "n", 1)
      let fit = t.multiply(x, w)
      let s = t.apply(.sigmoid, [fit], "m", 1)
      t.define("s", s)
      let one = t.number(1)
      let rest = t.apply(.subtract, [one, s], "m", 1)
      let product = t.apply(.hadamard, [s, rest], "m", 1)
      let transposed = t.transpose(x)
      return t.multiply(transposed, product)
    },
    // -inv(X)'*x
    IndexCase(
      #"-Σ_j X⁻¹[j,i]*x[j]"#,
      #"-\sum_{j} (\mathbf{X}^{-1})_{ji} x_{j}"#
    ) { t in
      let a = t.variable("X", "n", "n")
      let x = t.variable("x", "n", 1)
      let inverse = t.apply(.inv, [a], "n", "n")
      let transposed = t.transpose(inverse)
      let product = t.multiply(transposed, x)
      return t.apply(.negate, [product], "n", 1)
    },
    // X*W + b, b a row
    IndexCase(
      #"Σ_k X[i,k]*W1[k,j] + b[j]"#,
      #"\sum_{k} X_{ik} (W_{1})_{kj} + b_{j}"#
    ) { t in
      let x = t.variable("X", "m", "n")
      let w = t.variable("W1", "n", "q")
      let b = t.variable("b", 1, "q")
      let product = t.multiply(x, w)
      return t.add(product, b)
    },
    // x/norm2(x)
    IndexCase(
      #"x[i]/sqrt(Σ_j x[j]^2)"#,
      #"\frac{x_{i}}{\sqrt{\sum_{j} {x_{j}}^{2}}}"#
    ) { t in
      let x = t.variable("x", "n", 1)
      let norm = t.apply(.norm2, [x], 1, 1)
      return t.apply(.divide, [x, norm], "n", 1)
    },
    // sum(X.^2,1)
    IndexCase(
      #"Σ_j X[j,i]^2"#,
      #"\sum_{j} {X_{ji}}^{2}"#
    ) { t in
      let x = t.variable("X", "m", "n")
      let two = t.number(2)
      let square = t.apply(.elementwisePower, [x, two], "m", "n")
      return t.apply(.sum, [square], 1, "n", parameters: [1])
    },
    // max(X,2)
    IndexCase(
      #"max_j(X[i,j])"#,
      #"\max_{j} (X_{ij})"#
    ) { t in
      let x = t.variable("X", "m", "n")
      return t.apply(.maximum, [x], "m", 1, parameters: [2])
    },
    // tril(X)
    IndexCase(
      #"[i ≥ j]*X[i,j]"#,
      #"[i \ge j] X_{ij}"#
    ) { t in
      let x = t.variable("X", "n", "n")
      return t.apply(.tril, [x], "n", "n")
    },
    // A\x
    IndexCase(
      #"Σ_j A⁻¹[i,j]*x[j]"#,
      #"\sum_{j} (\mathbf{A}^{-1})_{ij} x_{j}"#
    ) { t in
      let a = t.variable("A", "n", "n")
      let x = t.variable("x", "n", 1)
      return t.apply(.leftDivide, [a, x], "n", 1)
    },
    // cross(x,y)
    IndexCase(
      #"Σ_{j,k} ε[i,j,k]*x[j]*y[k]"#,
      #"\sum_{j,k} \varepsilon_{ijk} x_{j} y_{k}"#
    ) { t in
      let x = t.variable("x", 3, 1)
      let y = t.variable("y", 3, 1)
      return t.apply(.cross, [x, y], 3, 1)
    },
    // tr(A*dX)
    IndexCase(
      #"Σ_{i,j} A[i,j]*dX[j,i]"#,
      #"\sum_{i,j} A_{ij} \mathrm{d}X_{ji}"#
    ) { t in
      let a = t.variable("A", "n", "m")
      _ = t.variable("X", "m", "n")
      let x = t.variable("dX", "m", "n")
      let product = t.multiply(a, x)
      return t.apply(.tr, [product], 1, 1)
    },
  ]
}

@Test(arguments: IndexCase.all)
func writesIndexNotation(_ example: IndexCase) {
  var tape = Tape()
  let result = example.build(&tape)
  let notation = IndexNotation(tape.input(result)) { UnicodePrinter().print($0) }
  #expect(notation.text == example.text)
  #expect(notation.latex == example.latex)
}

@Test func definitionsStayNames() {
  var tape = Tape()
  let x = tape.variable("x", "n", 1)
  let s = tape.apply(.sigmoid, [x], "n", 1)
  tape.define("s", s)
  let square = tape.apply(.hadamard, [s, s], "n", 1)
  let notation = IndexNotation(tape.input(square)) { _ in "" }
  #expect(notation.text == "s[i]*s[i]")
  #expect(notation.indices == ["i"])
  #expect(notation.definitions.map(\.entry) == ["s[i]"])
  #expect(notation.definitions.map(\.text) == ["sigmoid(x[i])"])
  #expect(notation.definitions.map(\.latex) == [#"\sigma(x_{i})"#])
}

/// Shared parts get names, so that the text does not grow with the number of paths.
@Test func sharedPartsAreNamed() {
  var tape = Tape()
  var x = tape.variable("X", "n", "n")
  for _ in 0..<200 { x = tape.multiply(x, x) }
  let notation = IndexNotation(tape.input(x)) { UnicodePrinter().print($0) }
  #expect(notation.text.count < 2000)
  #expect(!notation.definitions.isEmpty)
  #expect(notation.definitions.allSatisfy { $0.text.count < 4000 })
}

/// A sum of thousands of terms is a tape thousands deep.
@Test func deepTapesAreWritten() {
  var tape = Tape()
  let x = tape.variable("x", "n", 1)
  var sum = x
  for _ in 0..<5000 { sum = tape.add(sum, x) }
  let notation = IndexNotation(tape.input(sum)) { UnicodePrinter().print($0) }
  #expect(!notation.text.isEmpty)
}
