import Frechet
import Testing

/// The logarithm of a determinant has no value where this is negative; logdet(X) has one.
@Suite struct DeterminantTests {
  static let words: [(target: TargetName, positive: String, any: String)] = [
    (.numpy, "_log_det(lu_X)", "np.log(np.abs("), (.jax, "_log_det(lu_X)", "jnp.log(jnp.abs("),
    (.torch, "_log_det(lu_X)", "torch.log(torch.abs("), (.matlab, "log_det_(lu_X)", "log(abs("),
    (.julia, "= logdet(lu_X)", "logabsdet(lu_X)"),
    (.eigen, "detail::log_determinant<Scalar>(lu_X)", ".abs().log()"),
    (.swift, "logOfDeterminant(lu_X)", "lu_X.logAbsDeterminant"),
  ]

  @Test(arguments: words.indices) func domain(_ place: Int) throws {
    let (target, positive, any) = Self.words[place]
    for (input, word) in [("log(det(X))", positive), ("logdet(X)", any)] {
      var request = CodeRequest(
        "\(input) + tr(inv(X))", wrt: ["X"], target: target, declarations: ["X: matrix(n,n)"],
        timeLimit: 300)
      request.verify = false
      let program = try request.answer()
      #expect(program.contains(word), "\(program)")
    }
  }

  /// A definite matrix needs no such care.
  @Test func definite() throws {
    let request = CodeRequest(
      "log(det(S))", wrt: ["S"], target: .numpy, declarations: ["S: spd(n)"], timeLimit: 300)
    let program = try request.answer()
    #expect(program.contains("cho_factor") && !program.contains("_log_det"), "\(program)")
  }
}
