import ExpressionCore
import Testing

@testable import ExpressionLanguage

@Suite struct ShapeTests {
  @Test(arguments: [
    // Operators and spreading
    ("A*x", "m×1"), ("x'*y", "1×1"), ("x*y'", "n×m"), ("A*B*C", "m×k"), ("2*x", "n×1"),
    ("A + 1", "m×n"), ("b: row(k); X*W + b", "m×k"), ("X + y", "m×n"), ("A^-1", "n×n"),
    ("A^(1/2)", "n×n"), ("a^2", "1×1"), ("x.^y", "n×1"), ("x./2", "n×1"),
    ("B: matrix(4,4); c: vector(4); B\\c", "4×1"), ("A: matrix(p,q); A/(A'*A)", "p×q"),
    ("A ⊗ x", "k*m×n"), ("x'*A*y + A*B", "m×p"), ("[A, x; y', 1]", "m+1×n+1"),
    ("[1, 2; 3, 4]", "2×2"), ("x' + 1", "1×n"), ("-x", "n×1"), ("A + eye", "n×n"),
    ("A: matrix(5,5); A*eye", "5×5"), ("X: matrix(m,n); 1/(2*m)*norm2(X)", "1×1"),
    ("x'*x + vector(1)'*x", "1×1"), ("A: matrix(m,n); A + matrix(2)", "m×n"),
    // Elementwise
    ("exp(A)", "m×n"), ("polygamma(2,x)", "n×1"), ("clip(x,0,1)", "n×1"),
    ("leakyrelu(A,0.1)", "m×n"),
    ("max(x,0)", "n×1"), ("max(1,X)", "m×n"), ("max(X,Y)", "m×n"),
    // Reductions
    ("sum(A)", "1×1"), ("sum(A,1)", "1×n"), ("sum(A,2)", "m×1"), ("max(A,1)", "1×n"),
    ("max(A)", "1×1"), ("min(A,2)", "m×1"), ("logsumexp(A,2)", "m×1"), ("tr(A)", "1×1"),
    ("normp(x,3)", "1×1"), ("dot(x,y)", "1×1"), ("softmax(x)", "n×1"), ("softmax(x')", "1×n"),
    ("softmax(A,2)", "m×n"),
    // Structure
    ("diag(x)", "n×n"), ("diag(x')", "n×n"), ("diag(A)", "n×1"), ("col(A,2)", "m×1"),
    ("row(A,1)", "1×n"), ("entry(A,1,2)", "1×1"), ("unit(n,1)", "n×1"), ("vec(A)", "m*n×1"),
    ("reshape(x,2,3)", "2×3"), ("kron(A,B)", "k*m×n*p"), ("khatrirao(A,B)", "k*m×n"),
    ("tril(A)", "m×n"), ("sym(A)", "n×n"), ("eye(3)", "3×3"), ("ones(n-1,1)", "n-1×1"),
    ("S: symmetric(3); vech(S)", "6×1"), ("commutation(2,3)", "6×6"), ("duplication(3)", "9×6"),
    ("commutation(m,n)*vec(A)", "m*n×1"),
    // Linear algebra
    ("inv(A)*x", "n×1"), ("pinv(A)", "n×m"), ("qrq(A)", "m×n"), ("qrr(A)", "n×n"),
    ("A: matrix(2,3); svdu(A)", "2×2"), ("A: matrix(2,3); svdv(A)", "3×2"), ("svdvals(A)", "n×1"),
    ("eigvals(A)", "n×1"), ("eigvecs(A)", "n×n"), ("lambdamax(A)", "1×1"), ("solve(A,x)", "n×1"),
    ("sylvester(A,B,C)", "m×n"), ("lyapunov(A,C)", "n×n"), ("cross(x,y)", "3×1"),
    ("cross(x',y')", "1×3"), ("expm(A)", "n×n"), ("trace(transpose(A))", "1×1"), ("ln(x)", "n×1"),
    // Convolution
    ("X: matrix(5,6); W: matrix(2,3); conv2d(X,W)", "4×4"),
    ("X: matrix(5,6); W: matrix(3,2); conv2d(X,W,2,1)", "3×4"),
    ("x: row(9); w: vector(3); conv1d(x,w)", "1×7"), ("x: vector(9); conv1d(x,[1,2],2)", "4×1"),
    ("X: matrix(5,6); im2col(X,3,2,2,1)", "12×6"), ("col2im(P,5,6,3,2,2,1)", "5×6"),
    // Names
    ("λ*x", "n×1"), ("Σ*x", "m×1"), ("a'*x", "1×1"), ("x'*dx", "1×1"), ("2*pi", "1×1"),
    ("k = 3; ones(k,1)", "3×1"), ("sum(x)/n + 0*sum(eye(n)*x)", "1×1"),
  ])
  func infers(_ input: String, _ shape: String) throws {
    let typed = try Language.elaborate(input)
    #expect(typed.nodes[typed.result].shape.description == shape)
  }

  /// Later knowledge reaches what came before.
  @Test func unifiesOverTheWholeInput() throws {
    let typed = try Language.elaborate("B = A + C; x: vector(3); tr(B) + x'*C*x")
    #expect(typed.variables.map(\.shape) == [Shape(3, 3), Shape(3, 3), Shape(3, 1)])
  }

  @Test func pairsOpenSizesAsIsUsual() throws {
    let inner = try Language.elaborate("vec(A)'*vec(B)")
    #expect(inner.variables[0].shape == inner.variables[1].shape)
    let mapped = try Language.elaborate("kron(B',A)*vec(X)")
    #expect(mapped.variables.map(\.shape.description) == ["m×n", "k×p", "p×m"])
  }

  @Test func ordersVariablesByAppearance() throws {
    let typed = try Language.elaborate("x'*A*x", declarations: ["z: vector(k)", "A: spd(n)"])
    #expect(typed.variables.map(\.name) == ["x", "A", "z"])
    #expect(typed.dimensions == ["k", "n"])
    #expect(typed.variables[0].shape == Shape("n", 1))
  }

  @Test func namesOfDimensionsAvoidThoseInUse() throws {
    let typed = try Language.elaborate("m'*A*n")
    #expect(typed.variables.map(\.shape.description) == ["k×1", "k×p", "p×1"])
  }

  @Test func notesAScalarThatSpreads() throws {
    #expect(
      try Language.elaborate("A*x - b").notes == [
        "b was read as a scalar; declare `b: vector(m)` if it is none"
      ])
    #expect(try Language.elaborate("a*x").notes.isEmpty)
    #expect(try Language.elaborate("A*x - b", declarations: ["b: scalar"]).notes.isEmpty)
  }

  @Test func fillsInStandardParameters() throws {
    func parameters(_ text: String) throws -> [Dim] {
      let typed = try Language.elaborate(text)
      return typed.nodes[typed.result].parameters
    }
    #expect(try parameters("X: matrix(5,5); im2col(X,2,2)") == [2, 2, 1, 0])
    #expect(try parameters("softmax(x')") == [2])
    #expect(try parameters("[1, 2; 3, 4]") == [2, 2, 2])
    #expect(try parameters("sum(x)") == [])
    #expect(try parameters("eye(3)") == [])
    #expect(try parameters("reshape(X,m,n)") == ["m", "n"])
    #expect(try parameters("commutation(m,n)") == ["m", "n"])
  }

  @Test func settlesOverloads() throws {
    func operation(_ text: String) throws -> TypedInput.Operation {
      let typed = try Language.elaborate(text)
      return typed.nodes[typed.result].operation
    }
    #expect(try operation("diag(x)") == .primitive(.diag))
    #expect(try operation("diag(A)") == .primitive(.diagonal))
    #expect(try operation("max(x,1)") == .primitive(.maximum))
    #expect(try operation("max(x,3)") == .primitive(.max))
    #expect(try operation("A ⊗ B") == .primitive(.kron))
    #expect(try operation("vector(0)") == .primitive(.constantVector))
  }

  /// Every function can be called with as many values as its signature asks for.
  @Test func allFunctionsAreNamed() {
    #expect(FunctionTable.names.count == Primitive.allCases.count - 15 + 3)
    for name in FunctionTable.names { #expect(FunctionTable.isReserved(name)) }
  }

  @Test func readsAnswersWithTheNamesOfTheInput() throws {
    let input = try Language.elaborate("P = softmax(X*W,2); sum(Y.*log(P))")
    let answer = try Language.elaborate(
      "X'*(P - Y) + V + dW", in: input,
      extra: [Variable(name: "V", shape: input.variables[1].shape, type: .matrix)],
      differentials: ["W"])
    #expect(answer.nodes[answer.result].shape == input.variables[1].shape)
    #expect(answer.variables.map(\.name) == ["X", "W", "Y", "V", "dW"])
    #expect(Array(answer.variables.prefix(3)) == input.variables)
  }
}
