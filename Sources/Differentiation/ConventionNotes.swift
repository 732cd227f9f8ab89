import ExpressionCore

extension Derivation {
  /// What is said of conventions that were asked for and that do not apply here.
  var conventionNotes: [String] {
    guard !options.unstructured else { return [] }
    var notes: [String] = []
    let name = variable.name
    let isRiemannian = options.order == 1 || options.form == .operator
    if let types = options.metric.types {
      if !types.contains(variable.type) {
        let known = types.map(\.rawValue).joined(separator: " and ")
        notes.append(
          "--metric \(options.metric.rawValue): it is one of \(known) variables, and \(name) is "
            + "\(variable.type.rawValue); it changes nothing here")
      } else if options.order == 2, !isRiemannian, options.form != .differential {
        notes.append(
          "--metric \(options.metric.rawValue): a Hessian matrix is that of a plain \(name); "
            + "--form operator gives the Riemannian Hessian of this metric")
      }
    }
    if options.symmetric == .entries, options.order == 2,
      [.symmetric, .spd, .psd].contains(variable.type)
    {
      notes.append(
        "--symmetric entries: it is a convention for gradients and changes nothing of order 2")
    }
    return notes
  }
}

extension Metric {
  /// The types of variables that have it; nil of the metric that all have.
  fileprivate var types: [StructureType]? {
    switch self {
    case .euclidean: nil
    case .canonical: [.orthogonal, .stiefel]
    case .affine: [.spd]
    }
  }
}
