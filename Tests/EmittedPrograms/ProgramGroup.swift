import Frechet

/// A set of derivatives that programs are written for.
public enum ProgramGroup: String, CaseIterable, Sendable {
  case corpus, textbook, primitives, names, mended, second, several
  case forwardProducts = "jvp"
  case reverseProducts = "vjp"
  case hessianProducts = "hvp"
  /// Of the corpus what has a scalar value, once more, with Hessians; as products.
  case corpusSecond = "corpus-second"
  case corpusProducts = "corpus-products"

  public var summary: String {
    switch self {
    case .corpus: "the acceptance corpus"
    case .textbook: "derivatives from textbooks"
    case .primitives: "every primitive on every kind of shape"
    case .names: "names that mean something else in other languages"
    case .mended: "what was once wrong in some language"
    case .second: "Hessians"
    case .several: "several variables"
    case .forwardProducts: "Jacobian-vector products"
    case .reverseProducts: "vector-Jacobian products"
    case .hessianProducts: "Hessian-vector products"
    case .corpusSecond: "the corpus with Hessians, where the value is a scalar"
    case .corpusProducts: "the corpus with Hessian- and Jacobian-vector products"
    }
  }

  public func rows() throws -> [ProgramRow] {
    switch self {
    case .corpus: try ProgramRow.corpus("seeds")
    case .textbook: try ProgramRow.corpus("textbook")
    case .primitives: ProgramRow.primitives
    case .names: ProgramRow.names
    case .mended: ProgramRow.mended
    case .second: ProgramRow.second
    case .several: ProgramRow.several
    case .forwardProducts: ProgramRow.forwardProducts
    case .reverseProducts: ProgramRow.reverseProducts
    case .hessianProducts: ProgramRow.hessianProducts
    case .corpusSecond:
      try ProgramRow.corpus("seeds").filter { try $0.hasScalarValue && $0.options.order == 1 }
        .map { row in row.with(suffix: "second") { $0.order = 2 } }
    case .corpusProducts:
      try ProgramRow.corpus("seeds").filter { $0.options.order == 1 }.map { row in
        let order = try row.hasScalarValue ? 2 : 1
        return row.with(suffix: "product") {
          $0.order = order
          $0.form = .operator
        }
      }
    }
  }
}

extension ProgramRow {
  fileprivate var hasScalarValue: Bool {
    get throws {
      let input = try Language.elaborate(input, declarations: declare)
      return input.nodes[input.result].shape.isScalar
    }
  }

  fileprivate func with(
    suffix: String, _ change: (inout DerivativeOptions) -> Void
  ) -> ProgramRow {
    var options = options
    change(&options)
    return ProgramRow(
      id: id + "-" + suffix, declare: declare, input: input, wrt: wrt, options: options)
  }
}
