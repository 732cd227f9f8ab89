import Frechet
import Testing

/// An input that once came out wrong, with what was wrong.
struct Regression: CustomTestStringConvertible {
  let input: String
  let wrt: String
  let declarations: [String]
  var form = Form.auto
  var order = 1
  let trouble: String

  var testDescription: String { "\(trouble): \(input)" }

  static let all: [Regression] = [
    Regression(
      input: "sum(col(skew(X),1).^2)", wrt: "X", declarations: ["X: matrix(n,n)"],
      trouble: "the sign of a transposed skew factor lost in a sum of squares"),
    Regression(
      input: "sum(X.*eye(n))", wrt: "X", declarations: ["X: matrix(n,n)"],
      trouble: "ones beside a factor: endless recursion"),
    Regression(
      input: "mean(sigmoid(B))", wrt: "B", declarations: ["B: skew(n)"],
      trouble: "a transpose that is written through its operand: endless recursion"),
    Regression(
      input: "softplus(B)*x", wrt: "x", declarations: ["B: skew(n)", "x: vector(n)"],
      trouble: "a sum that is oriented by its own transpose: endless recursion"),
    Regression(
      input: "(y')*(sigmoid(z).^a)", wrt: "z",
      declarations: ["y: vector(p)", "a: scalar", "z: vector(p)"], form: .differential,
      trouble: "the sign of a summed element was lost"),
    Regression(
      input: "sqrt(sigmoid(sum(khatrirao(X,A))))", wrt: "X",
      declarations: ["X: matrix(m,p)", "A: matrix(p,p)"],
      trouble: "the number put into a summed element was lost"),
    Regression(
      input: "sqrt(tanh(mean(vec(C))))", wrt: "C", declarations: ["C: matrix(p,n)"],
      form: .operator, trouble: "the number put into a scalar beside a mean was lost"),
    Regression(
      input: "(r*max(ones(m,p),A))*B", wrt: "B",
      declarations: ["r: row(m)", "A: matrix(m,p)", "B: matrix(p,p)"],
      trouble: "max(A,1) is the reduction"),
    Regression(
      input: "X/((((A*X)/diag(x))')*((A*X)/diag(r')))", wrt: "r",
      declarations: ["X: matrix(p,m)", "x: vector(m)", "A: matrix(n,p)", "r: row(m)"],
      trouble: "division by a column and a row"),
    Regression(
      input: "x'*X*x", wrt: "X", declarations: ["x: vector(k)", "X: skew(k)"],
      trouble: "rounding errors of a function that is zero were taken for a derivative"),
    Regression(
      input: "skew(X)", wrt: "X", declarations: ["X: orthogonal(p)"], form: .operator,
      trouble: "the same of a function that is zero at some points"),
    Regression(
      input: "tr(X^40)", wrt: "X", declarations: ["X: matrix(n,n)"],
      trouble: "a high power of a matrix was taken entry by entry"),
    Regression(
      input: "softmax(X,1)", wrt: "X", declarations: ["X: matrix(1,n)"],
      trouble: "a softmax of one entry is 1"),
    Regression(
      input: "sum(X,1)*softmax(x)*y", wrt: "X",
      declarations: ["X: matrix(m,1)", "x: vector(1)", "y: vector(1)"],
      trouble: "vectors of one entry"),
    Regression(
      input: "a - (x'*(X^-2)*x)", wrt: "X",
      declarations: ["x: vector(m)", "X: matrix(m,m)", "a: scalar"],
      trouble: "quotients that do not converge refuted a right answer"),
    Regression(
      input: "sum(clip(ones(n,1),-1,1)/b)", wrt: "b",
      declarations: ["X: matrix(n,n)", "b: positive scalar"],
      trouble: "ones beside scalar bounds were written as the scalar 1"),
    Regression(
      input: "sin(100000*x)'*y + sin(x)'*z", wrt: "x", declarations: ["x: vector(n)"],
      trouble: "quotients never settled over steps in which the function oscillates"),
    Regression(
      input: "row(inv(A),1)*unit(4,1) + row(erf(min(X',adj(diag(x))*ones(4,3))')/A,1)*unit(4,1)",
      wrt: "x", declarations: ["X: matrix(3,4)", "A: skew(4)", "x: vector(4)"], order: 2,
      trouble: "a transpose that is written through its mirror: endless recursion"),
    Regression(
      input: "tr(S^(5/2))", wrt: "S", declarations: ["S: spd(n)"], order: 2,
      trouble: "the ends of a trace that commute were exchanged for ever"),
    Regression(
      input: "max(normpdf(diag(min(X,2)))^2)", wrt: "X", declarations: ["X: spd(m)"], order: 2,
      trouble: "a second difference across a kink refuted a right answer"),
  ]
}
