import Checking
import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

extension ImplementationRequest {
  /// Derives, runs the program, compares, and looks for the mistake.
  ///
  /// Throws where the input is wrong, where there is no derivative or no point with a value, where
  /// the program has no result, or where the time is over. A wrong program is part of the report.
  public func answer() throws(FrechetError) -> ImplementationReport {
    let question = try limited(to: timeLimit) { _ throws(FrechetError) in try self.question() }
    // The program has limits of its own.
    return try limited(to: nil) { _ throws(FrechetError) in try self.answer(question) }
  }

  /// What has to be known before the program is run.
  private struct Question: Sendable {
    let typed: TypedInput
    let variable: Variable
    let derived: DerivativeReport
    let expected: TypedInput
    let points: [RandomPoint]
    /// What the remainder is of: the input, or for a Hessian its gradient.
    let function: TypedInput
  }

  private func question() throws(FrechetError) -> Question {
    guard options.order <= 2 else {
      throw .derivative("--order \(options.order): programs of order 1 and 2 can be verified.")
    }
    let typed = try Parts.read(input, declarations: declarations)
    let known = typed.variables.map(\.name)
    guard let variable = typed.variables.first(where: { $0.name == wrt }) else {
      throw FrechetError(.unknownVariable(wrt, known: known), in: typed)
    }
    var options = options
    options.form = .kronecker
    let request = DerivativeRequest(input, wrt: [wrt], declarations: declarations, options: options)
    let derived = try request.reports(of: typed, until: nil).first
    if derived?.form == .operator {
      throw .derivative(
        "--wrt \(wrt): the derivative is a linear map that has no matrix form, so that there is no "
          + "array to compare with. A scalar function of the input, such as sum(…), has a gradient."
      )
    }
    guard let derived, !derived.failedVerification,
      let expected = try? Language.elaborate(derived.derivative.inputText, in: typed)
    else {
      throw .derivative(
        "--wrt \(wrt): the derivative is not known for certain, so that nothing can be compared "
          + "with it.")
    }
    return Question(
      typed: typed, variable: variable, derived: derived, expected: expected,
      points: try points(typed, expected), function: try function(typed))
  }

  private func function(_ typed: TypedInput) throws(FrechetError) -> TypedInput {
    guard options.order == 2 else { return typed }
    var options = DerivativeOptions()
    options.unstructured = true
    guard let gradient = try Parts.derive(typed, wrt: [wrt], options: options).first else {
      return typed
    }
    return try Parts.read(gradient.result, of: gradient, in: typed)
  }

  // MARK: Points

  private func points(
    _ typed: TypedInput, _ expected: TypedInput
  ) throws(FrechetError) -> [RandomPoint] {
    if let data {
      let evaluation = try Parts.evaluate(typed, data)
      return [RandomPoint(sizes: evaluation.sizes, values: data)]
    }
    for name in sizes.keys.sorted() where !typed.dimensions.contains(name) {
      let names = typed.dimensions.joined(separator: ", ")
      throw .evaluation(
        "--size \(name): the input has no such dimension; "
          + (names.isEmpty ? "it has none." : "it has \(names)."))
    }
    var sampler = RandomPoints([typed, expected], sizes: sizes, seed: seed)
    var points: [RandomPoint] = []
    for _ in 0..<(20 * max(self.points, 1)) where points.count < self.points {
      guard var point = sampler.next() else { break }
      if usesSinglePrecision {
        point.values = point.values.mapValues { $0.map { Double(Float($0)) } }
      }
      guard let value = try? point.value(of: expected).result, value.allFinite else { continue }
      points.append(point)
    }
    guard !points.isEmpty else {
      throw .evaluation(
        "verify: no random point has a finite value and derivative"
          + (sampler.lastError.map { "; the last try ended with: \($0)" } ?? "")
          + ". Other sizes (--size) or data of your own (--data) would do.")
    }
    return points
  }

  // MARK: Comparison

  private func answer(_ question: Question) throws(FrechetError) -> ImplementationReport {
    var results: [Matrix] = []
    var rightValues: [Matrix] = []
    var isSingle = usesSinglePrecision
    for point in question.points {
      let right: Matrix
      do {
        right = try point.value(of: question.expected).result
      } catch {
        throw .evaluation(error.description)
      }
      let result = try run(question.typed, point)
      isSingle = isSingle || result.isSinglePrecision
      rightValues.append(right)
      results.append(result.oriented(like: right))
    }
    let tolerance = tolerance ?? (isSingle ? 2e-4 : 1e-7)
    let verdict = verdict(question, results, rightValues, tolerance)
    guard let verdict else {
      throw .evaluation("verify: the derivative has no finite value at the given data.")
    }
    let errors = zip(results, rightValues).map { relativeDifference($0, $1, floor: 1e-12) }
    return ImplementationReport(
      wrt: wrt, options: options, expected: question.derived,
      points: zip(question.points, errors).map {
        ImplementationReport.Point(sizes: $0.sizes, relativeError: $1)
      },
      isSinglePrecision: isSingle, tolerance: tolerance, verdict: verdict,
      remainder: remainders(question, results[0], rightValues[0]), notes: question.typed.notes)
  }

  private func run(
    _ typed: TypedInput, _ point: RandomPoint
  ) throws(FrechetError) -> ImplementationResult {
    try implementation(
      ImplementationArguments(
        variables: typed.variables, values: point.values, sizes: point.sizes))
  }

  private func verdict(
    _ question: Question, _ results: [Matrix], _ right: [Matrix], _ tolerance: Double
  ) -> ClaimVerdict? {
    let (typed, variable) = (question.typed, question.variable)
    let kind = question.derived.kind.claim
    var check = ClaimCheck(
      typed, expected: question.derived.derivative.inputText, wrt: wrt, kind: kind,
      options: options.claim)
    check.wording = .result
    check.shorter = { Parts.shorter($0, in: typed, [])?.body }
    check.conventions = { [options, wrt] in
      (kind == .gradient ? Conventions.others(of: typed, variable, options) : [])
        + Conventions.withMatrixFunctions(of: typed, [wrt], options)
    }
    let deadline = timeLimit.map { Deadline(seconds: $0) }
    check.isOver = { deadline?.isOver ?? false }
    return check.verdict(on: results, at: question.points, tolerance: tolerance) { point in
      guard let result = try? run(typed, point) else { return nil }
      // At another point of the same sizes: there the derivative has the same shape.
      let index = question.points.firstIndex { $0.sizes == point.sizes }
      return index.map { result.oriented(like: right[$0]) } ?? result.matrix
    }
  }

  /// Of the program and of the right derivative, along the same curve.
  private func remainders(
    _ question: Question, _ result: Matrix, _ right: Matrix
  ) -> ImplementationReport.Remainders? {
    let kind: ClaimKind = options.order == 2 ? .jacobian : question.derived.kind.claim
    var conventions = options.claim
    if options.order == 2 { conventions.layout = .denominator }
    let measured = TaylorRemainder.measure(
      question.function, derivatives: [result, right], wrt: question.variable, kind: kind,
      options: conventions, at: question.points[0], seed: seed)
    guard let exact = measured[1] else { return nil }
    return ImplementationReport.Remainders(implementation: measured[0], derivative: exact)
  }
}
