import Testing

@testable import ExpressionLanguage

/// What the user is told, word by word.
@Suite struct ErrorTests {
  @Test(arguments: [
    // Shapes
    (
      "A: matrix(m,n); x: vector(m); A*x",
      "A*x: cannot multiply m×n by m×1; n ≠ m. A'*x has the shape n×1."
    ),
    (
      "x^2",
      "x^2: a power needs a scalar or a square matrix; x is n×1. The elementwise power is x.^2. "
        + "Declare `x: scalar` or `x: matrix(n,n)`."
    ),
    ("tr(x)", "tr(x): needs a square matrix, got n×1. Declare `x: scalar` or `x: matrix(n,n)`."),
    (
      "x: vector(n); y: vector(n); x*y",
      "x*y: cannot multiply n×1 by n×1; 1 ≠ n. The inner product is x'*y, the outer product x*y', "
        + "the elementwise product x.*y."
    ),
    (
      "x: vector(n); y: vector(m); x + y'",
      "x + y': cannot add n×1 and 1×m; a column and a row do not spread over each other. "
        + "The outer product is x*y'."
    ),
    ("A: matrix(m,n); B: matrix(m,3); A - B", "A - B: cannot subtract m×3 from m×n; n ≠ 3."),
    (
      "A: matrix(m,n); B: matrix(n,m); A.*B",
      "A.*B: cannot multiply m×n by n×m entry by entry; m ≠ n. B' has the shape m×n."
    ),
    (
      "1/A",
      "1/A: cannot divide 1×1 by m×n; a divisor is a scalar or a square matrix. "
        + "The inverse is inv(A). The elementwise quotient is 1./A. Declare `A: scalar`."
    ),
    (
      "X: matrix(m,n); softmax(X)",
      "softmax(X): of a matrix, the axis is required; got m×n. "
        + "softmax(X,1) is down columns, softmax(X,2) along rows."
    ),
    ("[1, 2; 3]", "[1, 2; 3]: the sizes disagree; 2 ≠ 1. Rows of blocks have the same width."),
    (
      "A: matrix(m,n); x: vector(k); b: vector(n); x = A*b; x",
      "x: declared k×1, but its value is m×1."
    ),
    (
      "x: row(7); w: row(4); conv1d(x,w',2,0) + conv1d(w,x)",
      "conv1d(w,x): the kernel must fit into 4, got 7."
    ),
    // Habits of other languages
    ("X.T*y", "X.T is not a spelling of this language. Write the transpose as X'."),
    ("np.log(x)", "np.log is not a spelling of this language. Write log(…)."),
    ("X.sum()", "X.sum is not a spelling of this language. Write sum(X)."),
    ("x**2", "** is not a spelling of this language. Write a power as x^2."),
    ("A@B", "unexpected character @. Write a product as A*B."),
    ("X^\\top*y", "\\top is not a spelling of this language. Write the transpose as X'."),
    ("\\frac{1}{2}*x", "\\frac is not a spelling of this language. Write a fraction as (a)/(b)."),
    ("2x", "2 x: an operator is missing between the two. Write a product as 2*x."),
    ("x'Ax", "x' Ax: an operator is missing between the two. Write a product as x'*Ax."),
    (
      "T: matrix(n,n); X: matrix(n,n); X^T",
      "X^T: the exponent must be a scalar, got n×n. The transpose is X'."
    ),
    ("norm(x)", "norm: no such function. Write norm2(…)."),
    // Names
    ("lgo(x)", "lgo: no such function. Did you mean log?"),
    ("f(x)", "f: not a function. Write a product as f*(…), an entry as entry(f,i,j)."),
    ("log: scalar; x", "log: the name of a function cannot be a variable. Choose another name."),
    ("sum = 3; x", "sum: the name of a function cannot be a variable. Choose another name."),
    ("x: scalar; x: vector; x", "x: declared twice."),
    ("a = 1; a = 2; a", "a: defined twice. Choose another name."),
    ("y = x*2; x = 3; y", "x: used before it is defined."),
    ("y = y + 1; y", "y: used before it is defined."),
    ("n: scalar; A: matrix(n,n); n*A", "n: both a dimension and a variable."),
    ("exp", "exp: a function needs arguments. Write exp(X)."),
    // Declarations and arguments
    ("A: symetric(n); A", "symetric: no such type. Did you mean symmetric?"),
    ("A: matrix(n); A", "matrix: takes 2 sizes, got 1. Write A: matrix(m,n)."),
    ("A: matrix(0,n); A", "matrix: 0 is not a size. A size is a positive integer or a name."),
    ("sum(x,3)", "sum: the axis is 1 (down columns) or 2 (along rows), got 3."),
    (
      "ones(3)", "ones: takes ones(m,n), got 1 argument. A vector is ones(n,1), a matrix ones(n,n)."
    ),
    (
      "x: vector(n); eye(x)",
      "eye: x is not a size. A size is made of integers and names of dimensions."
    ),
    // Form
    ("", "the input is empty. An input ends in an expression, such as x'*A*x."),
    ("y = x", "the input has no final expression. End it with an expression, such as ; y."),
    (
      "x'*y; x'*x",
      "this expression is not used; only the last one is the result. "
        + "Name it, as in y = …, or end the input with it."
    ),
    ("det(A", "det( is never closed."), ("x)", ") closes nothing."),
    ("x + ", "expected an expression, found the end."),
    ("x + * y", "expected an expression, found *."), ("x\u{0}", "unexpected character U+0000."),
    ("sum(X) = 3", "= is misplaced. A definition reads name = expression."),
  ])
  func says(_ input: String, _ text: String) {
    do {
      let typed = try Language.elaborate(input)
      Issue.record("read as \(typed.nodes[typed.result].shape)")
    } catch {
      #expect(error.first.text == text)
    }
  }

  @Test func marksThePlace() {
    #expect(
      rendering("A: matrix(m,n)\nλ + A*B*x + 1 ||| x: vector(3) ||| B: matrix(n,p)") == """
        error: A*B*x: cannot multiply m×p by 3×1; p ≠ 3.
          λ + A*B*x + 1
              ^^^^^
        """)
    let long = "1 + " + String(repeating: "x + ", count: 500) + "y z"
    #expect(rendering(long).split(separator: "\n").allSatisfy { $0.count < 140 })
  }

  private func rendering(_ line: String) -> String {
    let parts = line.split(separator: " ||| ").map(String.init)
    do {
      _ = try Language.elaborate(parts[0], declarations: Array(parts.dropFirst()))
      return ""
    } catch {
      return error.description
    }
  }

  @Test func reportsSeveralErrors() throws {
    let error = try #require(throws: Diagnostics.self) {
      try Language.elaborate("A: matrix(m,n); a = A*A; b = lgo(a); c = A + A'; c")
    }
    #expect(error.all.map(\.problem.message).count == 3)
  }

  @Test(arguments: [
    ("A*xx", "xx: no such name. Did you mean x?"),
    ("A*zeta", "zeta: no such name. The input has A, x."),
    ("eye(k)*x", "eye: k is not a size. A size is made of integers and names of dimensions."),
    ("x = 2; x", "x: a variable of the input cannot be defined anew. Choose another name."),
    ("A: scalar; A", "A: a variable of the input cannot be defined anew."),
    ("A'*x", "A'*x: cannot multiply n×m by n×1; m ≠ n. A*x has the shape m×1."),
  ])
  func saysInContext(_ text: String, _ message: String) throws {
    let context = try Language.elaborate("A: matrix(m,n); A*x")
    let error = try #require(throws: Diagnostics.self) {
      try Language.elaborate(text, in: context)
    }
    #expect(error.first.text == message)
  }
}
