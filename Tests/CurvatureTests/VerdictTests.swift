import Frechet
import Testing

/// Verdicts, where they hold, and how they read.
@Suite struct VerdictTests {
  private func report(
    _ input: String, _ wrt: String..., declare: [String] = [], jointly: Bool = false
  ) throws -> ConvexityReport {
    let request = ConvexityRequest(input, wrt: wrt, declarations: declare, jointly: jointly)
    return try #require(try request.answer().first)
  }

  @Test func readsAloud() throws {
    let report = try report("sum(log(1+exp(-y.*(X*w))))", "w")
    #expect(
      ConvexityTextReport([report], style: .unicode).text == """
        convex in w
          ∇²f = Xᵀ diag(y∘² ⊙ s ⊙ (1 − s)) X,  s = sigmoid(y ⊙ (Xw))
          because y∘² ≥ 0                             (even powers are nonnegative)
                  0 < s < 1                           (the range of sigmoid)
                  y∘² ⊙ s ⊙ (1 − s) ≥ 0               (signs of factors and terms)
                  diag(y∘² ⊙ s ⊙ (1 − s)) ⪰ 0         (diag(v) ⪰ 0 where v ≥ 0)
                  Xᵀ diag(y∘² ⊙ s ⊙ (1 − s)) X ⪰ 0    (PᵀMP ⪰ 0 where M ⪰ 0)
          checked along \(report.samples?.segments ?? 0) random segments

        """)
    #expect(ConvexityTextReport([report], style: .ascii).text.utf8.allSatisfy { $0 < 128 })
    #expect(
      report.reason?.text == "y.^2 >= 0, 0 < sigmoid(y.*(X*w)) < 1; P'*M*P >= 0 where M >= 0")
  }

  @Test func saysWhere() throws {
    let barrier = try report("-sum(log(b - A*x))", "x", declare: ["b: vector(m)"])
    #expect(barrier.curvature == .convex)
    #expect(barrier.conditions.map(\.text) == ["b - A*x > 0"])
    let determinant = try report("logdet(A + diag(x))", "x", declare: ["A: symmetric(n)"])
    #expect(determinant.curvature == .strictlyConcave)
    #expect(determinant.conditions.map(\.unicode) == ["A + diag(x) ≻ 0"])
    let shifted = try report("log1p(x)", "x", declare: ["x: scalar"])
    #expect(shifted.conditions.map(\.text) == ["x > -1"])
    #expect(try report("x'*x", "x").conditions.isEmpty)
    let perspective = try report(
      "-t*log(x/t)", "x", "t", declare: ["x: scalar", "t: positive scalar"], jointly: true)
    #expect(perspective.curvature == .convex)
    #expect(perspective.conditions.map(\.text) == ["x/t > 0"])
    let odd = try report("log(x^3)", "x", declare: ["x: scalar"])
    #expect(odd.curvature.isConcave)
  }

  @Test(arguments: [
    // The domain is not convex, whatever the Hessian is.
    ("log(x^2)", "x: scalar"), ("1/x^2 + log(x^2 - 1)", "x: scalar"),
    ("1/norm2(x)", "x: vector(n)"),
    ("logdet(X)", "X: matrix(n,n)"), ("exp(log(x^2 - 1))", "x: scalar"),
    // Kinks at which the second derivative that is zero elsewhere says nothing.
    ("-abs(x)", "x: scalar"), ("sign(x)", "x: scalar"), ("step(x)", "x: scalar"),
    ("abs(x) - 2*relu(x - 1)", "x: scalar"), ("min(x, 0)*max(x, 0) - abs(x)^3", "x: scalar"),
    // A root of a product of positive variables is no norm.
    ("sqrt(x(1)*x(2))", "x: positive vector(2)"),
  ])
  func kinksAndDomainsAreNoAffineFunctions(_ input: String, _ declaration: String) throws {
    let input = input.contains("x(1)") ? "sqrt(entry(x,1,1)*entry(x,2,1))" : input
    let curvature = try report(
      input, declaration.hasPrefix("X") ? "X" : "x", declare: [declaration]
    ).curvature
    #expect(!curvature.isConvex)
    #expect(!curvature.isStrict && curvature != .affine)
  }

  @Test func strictnessAndStrength() throws {
    #expect(try report("x'*x", "x").curvature == .stronglyConvex)
    #expect(try report("-x'*x", "x").curvature == .stronglyConcave)
    #expect(try report("sum(exp(x))", "x", declare: ["x: vector(n)"]).curvature == .strictlyConvex)
    #expect(try report("sum(exp(A*x))", "x").curvature == .convex)
    #expect(
      try report("norm1(x) + c*norm2(x)^2", "x", declare: ["c: positive scalar"]).curvature
        == .stronglyConvex)
    #expect(try report("c'*x", "x", declare: ["c: vector(n)"]).curvature == .affine)
  }

  @Test func bothWaysIsExhibited() throws {
    let report = try report("x'*A*x", "x")
    #expect(report.curvature == .neither)
    let samples = try #require(report.samples)
    #expect(samples.isMixed)
    let up = try #require(samples.upward)
    let down = try #require(samples.downward)
    #expect(up.gap > 0 && down.gap < 0 && up.data == down.data)
    #expect(ConvexityTextReport([report], style: .ascii).text.contains("found numerically"))
  }

  @Test func thatItDependsIsSaid() throws {
    let report = try report("c*x^2", "x", declare: ["x: scalar"])
    #expect(report.curvature == .unknown)
    #expect(
      ConvexityTextReport([report], style: .ascii).text.contains(
        "bends upward at some values of the other variables, downward at others"))
  }

  @Test func severalVariablesAloneAndTogether() throws {
    let request = ConvexityRequest("norm2(X - U*V')^2", wrt: ["U", "V"])
    #expect(try request.answer().map(\.curvature) == [.convex, .convex])
    var together = request
    together.jointly = true
    #expect(try together.answer().map(\.curvature) == [.neither])
  }

  @Test(arguments: [
    ("A*x", "x", [], "the input is m×1"), ("x'*x", "z", [], "--wrt z: no such variable"),
    ("tr(Q)", "Q", ["Q: orthogonal(n)"], "the orthogonal matrices are no convex set"),
  ])
  func whatCannotBeAskedIsRefused(
    _ input: String, _ wrt: String, _ declare: [String], _ message: String
  ) {
    #expect {
      try ConvexityRequest(input, wrt: [wrt], declarations: declare).answer()
    } throws: { error in
      "\(error)".contains(message)
    }
  }

  @Test func limitsEndTheSearch() throws {
    var request = ConvexityRequest("sum(log(1+exp(-y.*(X*w))))", wrt: ["w"], verify: false)
    request.limits.steps = 5
    let report = try #require(try request.answer().first)
    #expect(report.curvature == .unknown)
    #expect(report.obstacle == "the search for a proof ended after 5 steps")
  }

  @Test func theHessianSaysItsSign() throws {
    var options = DerivativeOptions()
    options.order = 2
    var request = DerivativeRequest("logdet(S)", wrt: ["S"], declarations: ["S: spd(n)"])
    request.options = options
    request.judgesCurvature = true
    let report = try #require(try request.answer().first)
    #expect(report.curvature?.verdict == "negative definite within the symmetric matrices")
    #expect(report.json.text().contains(#""verdict": "negative definite within"#))
    request.input = "x'*A*x"
    request.wrt = ["x"]
    request.declarations = []
    let silent = try #require(try request.answer().first)
    #expect(silent.curvature == nil && !silent.json.text().contains("curvature"))
  }

  @Test func documentsHoldTheArgument() throws {
    let report = try report("logsumexp(A*x)", "x")
    let latex = ConvexityLaTeXReport([report]).text
    #expect(latex.contains("\\succeq 0") && latex.contains("\\begin{aligned}"))
    let markdown = ConvexityMarkdownReport([report]).text
    #expect(markdown.hasPrefix("**convex in x**\n\n$$\n"))
    let json = report.json.text()
    #expect(json.contains(#""verdict": "convex""#) && json.contains("Klaus et al. 2022"))
  }
}
