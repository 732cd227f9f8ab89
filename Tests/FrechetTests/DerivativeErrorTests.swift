import Frechet
import Testing

/// What the library says where there is no derivative.
@Suite struct DerivativeErrorTests {
  private func message(of request: DerivativeRequest) -> String? {
    do {
      _ = try request.answer()
      return nil
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    ("x'*x", [], "--wrt: the variable of differentiation is missing; the input has x."),
    ("1 + 1", [], "--wrt: the input has no variable"),
    ("alpha*x'*x", ["alpah"], "no such variable; the input has alpha, x. --wrt alpha would do."),
    ("x'*A*x", ["a"], "--wrt a: no such variable; the input has x, A. --wrt A would do."),
    ("1 + 1", ["x"], "--wrt x: the input has no variables."),
  ])
  func theVariableIsNamed(input: String, wrt: [String], message: String) throws {
    let text = self.message(of: DerivativeRequest(input, wrt: wrt))
    #expect(text?.contains(message) == true, "\(text ?? "")")
  }

  /// The innermost operation is marked, as an error of the input.
  @Test(arguments: [
    ("x/0", "x", "x/0: divides by zero.", "  ^^^"),
    ("3 + 1/(a-a)*x", "x", "1/(a-a): divides by zero.", "      ^^^^^^^"),
    (
      "z = x'*x; b = 2/(z - z); b*z", "x", "2/(z - z): divides by zero.",
      "                ^^^^^^^^^"
    ),
    ("x./(x - x)", "x", "x./(x - x): divides by zero.", "  ^^^^^^^^^^"),
    // A spread quotient: endless recursion, once.
    ("sigmoid(H + a/0) - y", "H", "a/0: divides by zero.", "              ^^^"),
  ])
  func divisionByZeroIsMarked(input: String, wrt: String, message: String, marks: String) throws {
    let text = self.message(of: DerivativeRequest(input, wrt: [wrt])) ?? ""
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first == "error: \(message)")
    #expect(lines.last == marks)
  }

  @Test func anOperationWithoutADerivativeIsMarked() throws {
    let request = DerivativeRequest("x'*x + sum(im2col(x*x',2,2,1,0))", wrt: ["x"])
    // Once it has one, there is nothing to complain of.
    guard let text = message(of: request) else { return }
    #expect(text.contains("im2col(x*x',2,2,1,0): the derivative of this operation is not known."))
    #expect(text.hasSuffix("^^^^^^^^^^^^^^^^^^^^"))
  }

  @Test func aHessianNeedsAScalar() throws {
    var options = DerivativeOptions()
    options.order = 2
    let text = message(of: DerivativeRequest("A*x", wrt: ["x"], options: options))
    #expect(text?.hasPrefix("--order 2: the Hessian is that of a scalar") == true)
  }

  /// Sizes that are polynomials have a spelling of their own.
  @Test(arguments: [
    "y'*inv(X)*ones(n+m-3,1)*a", "tr(inv(X*eye(n*m-1)))", "sum(X*ones(n^2,1))",
    "tr(X'*inv(eye(2*n)+X*X'))",
  ])
  func theIndexFormHasSizes(input: String) throws {
    var options = DerivativeOptions()
    options.form = .index
    let reports = try DerivativeRequest(input, wrt: ["X"], options: options).answer()
    #expect(reports.first?.form == .index)
  }
}

/// Where a derivative exists.
@Suite struct DomainTests {
  @Test(arguments: [
    ("norm2(x)", ["x ≠ 0"]), ("norm2(x)^2", []), ("norm2(x)^2 + norm2(x)", ["x ≠ 0"]),
    ("s = norm2(x); s^2", []), ("x'*inv(S)*x", []),
    ("x'*inv(A)*x", ["det(A) ≠ 0"]),
  ])
  func conditionsAreThoseThatAreNeeded(input: String, conditions: [String]) throws {
    let request = DerivativeRequest(input, wrt: ["x"], declarations: ["S: spd(n)"])
    #expect(try request.answer().first?.domain == conditions)
  }
}
