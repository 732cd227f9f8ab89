/// What is known of how a function bends over a convex set.
public enum Curvature: String, CaseIterable, Sendable {
  case affine
  case stronglyConvex = "strongly convex"
  case strictlyConvex = "strictly convex"
  case convex
  case stronglyConcave = "strongly concave"
  case strictlyConcave = "strictly concave"
  case concave
  /// Refuted both ways by segments that are exhibited.
  case neither = "neither convex nor concave"
  /// Nothing has been derived.
  case unknown

  /// Whether a proof stands behind it.
  public var isDerived: Bool { isConvex || isConcave }

  /// Affine functions are convex and concave.
  public var isConvex: Bool {
    switch self {
    case .affine, .stronglyConvex, .strictlyConvex, .convex: true
    case .stronglyConcave, .strictlyConcave, .concave, .neither, .unknown: false
    }
  }

  public var isConcave: Bool {
    switch self {
    case .affine, .stronglyConcave, .strictlyConcave, .concave: true
    case .stronglyConvex, .strictlyConvex, .convex, .neither, .unknown: false
    }
  }

  public var isStrict: Bool {
    switch self {
    case .stronglyConvex, .strictlyConvex, .stronglyConcave, .strictlyConcave: true
    case .affine, .convex, .concave, .neither, .unknown: false
    }
  }

  /// The curvature of -f.
  var opposite: Curvature {
    switch self {
    case .stronglyConvex: .stronglyConcave
    case .strictlyConvex: .strictlyConcave
    case .convex: .concave
    case .stronglyConcave: .stronglyConvex
    case .strictlyConcave: .strictlyConvex
    case .concave: .convex
    case .affine, .neither, .unknown: self
    }
  }
}
