import Frechet
import Testing

/// Expressions that the constructors make one.
@Suite struct IdentityTests {
  static let declarations = [
    "A: matrix(n,n)", "B: matrix(n,n)", "C: matrix(n,n)", "X: matrix(m,n)", "Y: matrix(m,n)",
    "S: symmetric(n)", "K: skew(n)", "Q: orthogonal(n)", "P: stiefel(n,p)", "D: diagonal(n)",
    "x: vector(n)", "y: vector(n)", "z: vector(n)", "u: vector(m)", "r: row(n)", "a: scalar",
    "b: scalar", "E: positive diagonal(n)", "s: positive scalar", "v: positive vector(n)",
    "T: spd(n)", "L: lower(n)",
  ]

  static let pairs: [(String, String)] = [
    // Inverses
    ("inv(A)*A", "eye(n)"), ("A*inv(A)*B", "B"), ("inv(inv(A))", "A"),
    ("inv(A*B)", "inv(B)*inv(A)"),
    ("inv(A')", "inv(A)'"), ("inv(2*A)", "inv(A)/2"), ("inv(diag(v))", "diag(1./v)"),
    ("inv(kron(A,B))", "kron(inv(A),inv(B))"), ("A\\B", "inv(A)*B"), ("B/A", "B*inv(A)"),
    ("A^-2", "inv(A)*inv(A)"), ("inv(Q)", "Q'"), ("Q'*Q", "eye(n)"), ("Q*Q'*A", "A"),
    ("P'*P", "eye(p)"), ("adj(A)", "det(A)*inv(A)"), ("cof(A)", "adj(A)'"),
    // Transposes
    ("(A*B)'", "B'*A'"), ("(A')'", "A"), ("(A + B')'", "A' + B"), ("S'", "S"), ("K'", "-K"),
    ("D'", "D"), ("(A.*B)'", "A'.*B'"), ("exp(A)'", "exp(A')"), ("softmax(X,1)'", "softmax(X',2)"),
    ("kron(A,B)'", "kron(A',B')"), ("diag(x)'", "diag(x)"), ("tril(A)'", "triu(A')"),
    ("[x; y]'", "[x', y']"),
    // Scalars and traces
    ("x'*A*y", "y'*A'*x"), ("x'*y", "y'*x"), ("dot(x,y)", "x'*y"), ("tr(A*B)", "tr(B'*A')"),
    ("tr(A*B)", "tr(B*A)"), ("tr(A*B*C)", "tr(C*A*B)"), ("tr(A')", "tr(A)"), ("tr(x*y')", "x'*y"),
    ("tr(A*inv(B)*B*C)", "tr(C*A)"), ("tr(kron(A,B))", "tr(A)*tr(B)"), ("tr(eye(n))", "n"),
    ("tr(diag(x))", "sum(x)"), ("tr(A + B)", "tr(A) + tr(B)"), ("tr(tril(A))", "tr(A)"),
    ("x'*S*y", "y'*S*x"), ("norm2(x)^2", "x'*x"), ("normF(X)^2", "tr(X'*X)"), ("sum(x.^2)", "x'*x"),
    ("sum(X.*Y)", "tr(X'*Y)"), ("sum(sum(X,1),2)", "sum(X)"), ("mean(x)", "sum(x)/n"),
    // Determinants
    ("det(A*B)", "det(A)*det(B)"), ("det(A')", "det(A)"), ("det(inv(A))", "1/det(A)"),
    ("log(abs(det(A)))", "logdet(A)"), ("logdet(A*B)", "logdet(A) + logdet(B)"),
    ("logdet(inv(A))", "-logdet(A)"), ("det(diag(x))", "prod(x)"), ("det(2*A)", "2^n*det(A)"),
    // Diagonal matrices
    ("diag(x)*y", "x.*y"), ("diag(x)*diag(y)", "diag(x.*y)"), ("diag(ones(n,1))", "eye(n)"),
    ("diag(diag(x))", "x"), ("diag(x*y')", "x.*y"), ("diag(A')", "diag(A)"),
    ("x'*diag(y)", "(x.*y)'"), ("sum(x - mean(x))", "0"), ("x + (a - b)", "x + a - b"),
    ("sum(y - a*(x - mean(x)))", "sum(y)"), ("mean(X - mean(X,1),1)", "zeros(1,n)"),
    ("(eye(n) - 1/n)*(x - mean(x))", "x - mean(x)"), ("(eye(n) - 1/n)^2", "eye(n) - 1/n"),
    ("tr(T*T*sqrtm(T))", "tr(T*sqrtm(T)*T)"), ("diag(diag(inv(D)))", "inv(D)"), ("abs(E)", "E"),
    ("sqrtm(E)*sqrtm(E)", "E"),
    ("diag(x)*A*diag(y)", "A.*(x*y')"), ("x.*A", "diag(x)*A"), ("A.*x'", "A*diag(x)"),
    ("diag(A*diag(x)*B)", "(A.*B')*x"), ("sum(x.*y)", "x'*y"), ("tril(L)", "L"),
    ("(X.*r).*X", "X.^2.*r"), ("(u.*X).*(Y.*r)", "(X.*Y).*(u*r)"), ("(X.*u)./(X.*u)", "ones(m,n)"),
    ("(u*ones(1,n)).*(ones(m,1)*r)", "u*r"),
    // Elementwise
    ("x.*x", "x.^2"), ("x.*y./x", "y"), ("sqrt(v).*sqrt(v)", "v"), ("sqrt(x.^2)", "abs(x)"),
    ("abs(-x)", "abs(x)"), ("exp(x).*exp(y)", "exp(x + y)"), ("log(exp(x))", "x"),
    ("exp(log(v))", "v"), ("x.*sign(x)", "abs(x)"), ("x.*step(x)", "relu(x)"),
    ("sin(-x)", "-sin(x)"),
    ("cos(y - x)", "cos(x - y)"), ("tanh(-x)", "-tanh(x)"), ("max(x,0)", "relu(x)"),
    ("max(x,y)", "max(y,x)"), ("square(x)", "x.^2"), ("(v.^a).^b", "v.^(a*b)"),
    ("x.^a.*x.^2", "x.^(a + 2)"),
    ("erfc(x)", "1 - erf(x)"), ("silu(x)", "x.*sigmoid(x)"), ("s^a*s^b*0 + a", "a"),
    // The logistic family
    ("log(1 + exp(z))", "softplus(z)"), ("1./(1 + exp(-z))", "sigmoid(z)"),
    ("1 - sigmoid(z)", "sigmoid(-z)"),
    ("exp(z)./(1 + exp(z))", "sigmoid(z)"), ("exp(z)/sum(exp(z))", "softmax(z)"),
    ("log(sum(exp(z)))", "logsumexp(z)"), ("log(softmax(z))", "logsoftmax(z)"),
    ("exp(z - logsumexp(z))", "softmax(z)"), ("exp(X)./sum(exp(X),2)", "softmax(X,2)"),
    ("exp(X)./sum(exp(X),1)", "softmax(X,1)"), ("log(sigmoid(z))", "-softplus(-z)"),
    ("sum(softmax(z))", "1"), ("sum(softmax(X,2),2)", "ones(m,1)"),
    ("softplus(-z)", "softplus(z) - z"),
    // Kronecker products, vec, commutation
    ("kron(A,B)*kron(C,D)", "kron(A*C,B*D)"), ("kron(A,B)*vec(C)", "vec(B*C*A')"),
    ("commutation(m,n)*vec(X)", "vec(X')"), ("kron(2*A,B)", "2*kron(A,B)"),
    ("vec(X)'*vec(Y)", "tr(X'*Y)"),
    ("reshape(vec(X),m,n)", "X"), ("vec(x)", "x"), ("kron(x,r)", "x*r"),
    ("commutation(m,n)*commutation(n,m)", "eye(m*n)"), ("kron(eye(m),eye(n))", "eye(m*n)"),
    ("kron(A,kron(B,C))", "kron(kron(A,B),C)"), ("vec(u*x')", "kron(x,u)"),
    ("diag(kron(x,z))", "kron(diag(x),diag(z))"), ("vec(X).*vec(Y)", "vec(X.*Y)"),
    ("sum(vec(X))", "sum(X)"), ("kron(x,eye(n))*A*kron(x',eye(n))", "kron(x*x',A)"),
    ("kron(A,x)*B", "kron(A*B,x)"), ("A*kron(x',B)", "kron(x',A*B)"),
    ("commutation(n,n)*kron(x,A)", "kron(A,x)"), ("vec(A)'*kron(x,z)", "z'*A*x"),
    ("commutation(m,n)*diag(vec(X))", "diag(vec(X'))*commutation(m,n)"),
    ("kron(ones(1,n),eye(m))*diag(vec(X))", "khatrirao(X',eye(m))'"),
    ("kron(A*diag(x),B)*diag(vec(C))", "kron(A,B)*diag(vec(C*diag(x)))"),
    ("kron(eye(n),u')*diag(vec(X))", "khatrirao(eye(n),diag(u)*X)'"),
    ("diag(vec(A))*kron(x,B)", "khatrirao(diag(x)*A',eye(n))*B"),
    // Khatri-Rao products
    ("kron(A,B)*khatrirao(C,D)", "khatrirao(A*C,B*D)"),
    ("khatrirao(A,B)'*kron(C,D)", "khatrirao(C'*A,D'*B)'"),
    ("khatrirao(A,B)'*khatrirao(C,D)", "(A'*C).*(B'*D)"),
    ("commutation(n,n)*khatrirao(A,B)", "khatrirao(B,A)"),
    ("khatrirao(A,B)'*vec(C)", "diag(B'*C*A)"), ("khatrirao(x*z',B)", "kron(x,B*diag(z))"),
    ("khatrirao(A*diag(x),B)", "khatrirao(A,B)*diag(x)"),
    ("diag(vec(A))*khatrirao(eye(n),B)", "khatrirao(eye(n),A.*B)"),
    ("diag(vec(A))*khatrirao(B,eye(n))", "khatrirao(B.*A',eye(n))"),
    // Sums, products, spreading
    ("a*x + a*y - a*x", "a*y"), ("2*(x - y)", "2*x - 2*y"), ("x - x", "zeros(n,1)"),
    ("0*A", "zeros(n,n)"),
    ("A*zeros(n,n)", "zeros(n,n)"), ("A*eye(n)", "A"), ("a/a", "1"), ("a*b/a", "b"),
    ("X + r", "X + ones(m,1)*r"),
    ("X + u", "X + u*ones(1,n)"), ("ones(1,n)*ones(n,1)", "n"), ("ones(1,m)*X", "sum(X,1)"),
    ("X*ones(n,1)", "sum(X,2)"), ("cross([1;2;3],[1;2;3])", "zeros(3,1)"),
    ("[1, 2; 3, 4]*[1; 1]", "[3; 7]"),
    ("sym(A)", "(A + A')/2"), ("skew(A)", "(A - A')/2"), ("-(x - y)", "y - x"),
    ("a*(b*A)*B", "(a*b)*(A*B)"),
    ("sqrt(4*s)", "2*sqrt(s)"), ("(8/27)^(2/3)", "4/9"), ("norm2(2*x)", "2*norm2(x)"),
  ]

  @Test(arguments: pairs)
  func areOne(left: String, right: String) throws {
    let both = try Language.elaborate("l = \(left); \(right)", declarations: Self.declarations)
    let graph = Graph()
    let lowering = Lowering(both, into: graph)
    let (l, r) = (lowering.definitions[0], lowering.result)
    #expect(l == r, "\(graph.node(l)) and \(graph.node(r))")
    #expect(graph.failure == nil)
    let a = try Language.elaborate(left, declarations: Self.declarations)
    let report = verifyEqual(a, try Language.elaborate(right, in: a), points: 2)
    #expect(report.passed, "\(String(describing: report.failure))")
  }
}
