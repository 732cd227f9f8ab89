import Frechet

/// What libFuzzer calls with each of its inputs: bytes as text, text as a typed input and, where
/// that is small, its derivative.
///
/// Errors are answers. A trap, a hang, a blow-up of memory and a promise that is broken are not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLanguage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  LastInput.keep(start, count)
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let text = try? Language.text(bytes) else { return 0 }
  checkPrinting(of: text)
  guard let typed = typedInput(text) else { return 0 }
  if let wrt = typed.variables.first?.name, typed.nodes.count <= Limits.derivedNodes {
    checkDerivative(of: text, wrt: wrt, verify: typed.nodes.count <= Limits.verifiedNodes)
  }
  return 0
}

/// Sizes up to which an input goes further, so that thousands of inputs are tried in a second.
private enum Limits {
  static let derivedNodes = 30
  static let verifiedNodes = 12
}

/// What is printed reads back as what was printed.
private func checkPrinting(of text: String) {
  guard let result = try? ParsedInput(text).result else { return }
  let printed = SyntaxPrinter.text(of: result)
  let again = (try? ParsedInput(printed).result).map(SyntaxPrinter.text(of:))
  precondition(again == printed, "\(text.debugDescription) prints as \(printed)")
}

/// The input, or nil where it is wrong and its errors can be written.
private func typedInput(_ text: String) -> TypedInput? {
  do {
    return try Language.elaborate(text)
  } catch {
    precondition(!error.description.isEmpty, "an error without a text")
    return nil
  }
}

/// Every derivative can be read back.
private func checkDerivative(of text: String, wrt: String, verify: Bool) {
  do {
    _ = try DerivativeRequest(text, wrt: [wrt], verify: verify).answer()
  } catch {
    let description = "\(error)"
    precondition(!description.contains("cannot be read back"), description)
  }
}
