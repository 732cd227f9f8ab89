/// The Greek letters by the names that people type for them.
enum GreekLetter {
  /// Name, letter, and the LaTeX command where it is not the name's.
  private static let letters: [(name: String, letter: String, latex: String)] = [
    ("alpha", "α", "\\alpha"), ("beta", "β", "\\beta"), ("gamma", "γ", "\\gamma"),
    ("delta", "δ", "\\delta"), ("epsilon", "ε", "\\varepsilon"), ("zeta", "ζ", "\\zeta"),
    ("eta", "η", "\\eta"), ("theta", "θ", "\\theta"), ("iota", "ι", "\\iota"),
    ("kappa", "κ", "\\kappa"), ("lambda", "λ", "\\lambda"), ("mu", "μ", "\\mu"),
    ("nu", "ν", "\\nu"), ("xi", "ξ", "\\xi"), ("omicron", "ο", "o"), ("pi", "π", "\\pi"),
    ("rho", "ρ", "\\rho"), ("sigma", "σ", "\\sigma"), ("tau", "τ", "\\tau"),
    ("upsilon", "υ", "\\upsilon"), ("phi", "φ", "\\varphi"), ("chi", "χ", "\\chi"),
    ("psi", "ψ", "\\psi"), ("omega", "ω", "\\omega"),
    ("Alpha", "Α", "\\mathrm{A}"), ("Beta", "Β", "\\mathrm{B}"), ("Gamma", "Γ", "\\Gamma"),
    ("Delta", "Δ", "\\Delta"), ("Epsilon", "Ε", "\\mathrm{E}"), ("Zeta", "Ζ", "\\mathrm{Z}"),
    ("Eta", "Η", "\\mathrm{H}"), ("Theta", "Θ", "\\Theta"), ("Iota", "Ι", "\\mathrm{I}"),
    ("Kappa", "Κ", "\\mathrm{K}"), ("Lambda", "Λ", "\\Lambda"), ("Mu", "Μ", "\\mathrm{M}"),
    ("Nu", "Ν", "\\mathrm{N}"), ("Xi", "Ξ", "\\Xi"), ("Omicron", "Ο", "\\mathrm{O}"),
    ("Pi", "Π", "\\Pi"), ("Rho", "Ρ", "\\mathrm{P}"), ("Sigma", "Σ", "\\Sigma"),
    ("Tau", "Τ", "\\mathrm{T}"), ("Upsilon", "Υ", "\\Upsilon"), ("Phi", "Φ", "\\Phi"),
    ("Chi", "Χ", "\\mathrm{X}"), ("Psi", "Ψ", "\\Psi"), ("Omega", "Ω", "\\Omega"),
    // Variants and letters of their own.
    ("varepsilon", "ϵ", "\\epsilon"), ("vartheta", "ϑ", "\\vartheta"),
    ("varphi", "ϕ", "\\phi"), ("ell", "ℓ", "\\ell"), ("micro", "µ", "\\mu"),
  ]

  private static let letterByName = Dictionary(
    letters.map { ($0.name, $0.letter) }, uniquingKeysWith: { first, _ in first })
  private static let latexByLetter = Dictionary(
    letters.map { ($0.letter, $0.latex) }, uniquingKeysWith: { first, _ in first })

  /// The letter of a spelled name: `mu` is μ.
  static func letter(named name: String) -> String? { letterByName[name] }

  /// The LaTeX of a spelled name or of the letter itself.
  static func latex(_ name: String) -> String? { latexByLetter[letterByName[name] ?? name] }

  /// Whether a name stands for a capital.
  static func isCapital(_ name: String) -> Bool { name.first?.isUppercase ?? false }
}
