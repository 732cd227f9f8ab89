import Frechet
import Testing

/// ⟨L(X), Y⟩ = ⟨X, L*(Y)⟩ for the linear operations of the helpers and of convolutions.
@Suite struct AdjointTests {
  @Test(arguments: [
    ("im2col(X,3,2,2,1)", "col2im(Y,5,6,3,2,2,1)", (5, 6), (12, 6)),
    ("im2col(X,2,2)", "col2im(Y,4,5,2,2)", (4, 5), (12, 4)),
    ("conv2d(X,[1, 2; -3, 4])", "col2im(vec(Y')*vec([1, 2; -3, 4]')',4,5,2,2)", (4, 5), (3, 4)),
    (
      "conv1d(X,[1; 2; -3],2,1)",
      "col2im(Y*[1, 2, -3],1,9,1,3,2,0)*[zeros(1,7); eye(7); zeros(1,7)]",
      (1, 7), (4, 1)
    ),
    ("stril(X)", "stril(Y)", (4, 4), (4, 4)), ("halftril(X)", "halftril(Y)", (4, 4), (4, 4)),
    ("dexpm([1, 2; 0, -1],X)", "dexpm([1, 0; 2, -1],Y)", (2, 2), (2, 2)),
    ("dlogm([3, 1; 1, 2],X)", "dlogm([3, 1; 1, 2],Y)", (2, 2), (2, 2)),
    (
      "sylvester([3, 1; 0, 2],[1, 5; 0, 4],X)", "sylvester([3, 0; 1, 2],[1, 0; 5, 4],Y)", (2, 2),
      (2, 2)
    ),
    ("lyapunov([3, 1; 0, 2],X)", "lyapunov([3, 0; 1, 2],Y)", (2, 2), (2, 2)),
  ])
  func innerProductsAgree(
    forward: String, adjoint: String, domain: (Int, Int), range: (Int, Int)
  ) throws {
    let x = Matrix(rows: domain.0, columns: domain.1) { Double(($0 * 7 + $1 * 3) % 11) - 4.5 }
    let isTurned = forward.hasPrefix("conv1d")
    let y = Matrix(rows: range.0, columns: range.1) { Double(($0 * 5 + $1 * 8) % 13) - 5.25 }
    let image = isTurned ? "(\(forward))'" : forward
    let declarations = [
      "X: matrix(\(domain.0),\(domain.1))", "Y: matrix(\(range.0),\(range.1))",
    ]
    let request = EvaluationRequest(
      "[sum(\(image).*Y), sum(X.*(\(adjoint)))]", data: ["X": x, "Y": y],
      declarations: declarations)
    let value = try request.answer().value
    #expect((value[0, 0] - value[0, 1]).magnitude < 1e-9 * (1 + value[0, 0].magnitude))
  }
}
