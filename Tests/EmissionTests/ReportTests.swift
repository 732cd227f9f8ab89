import Differentiation
import Emission
import ExpressionCore
import ExpressionLanguage
import Testing

private let spelling = Spelling(
  shape: Shape("n", 1),
  definitions: [
    Spelling.Definition(name: "s", value: SmallParser.parse("sigmoid(X*w)"))
  ],
  body: SmallParser.parse("X'*(s.*(1 - s))"))

@Test func spellingsAreRendered() {
  let scope = NameScope(shapes: ["X": Shape("m", "n"), "w": Shape("n", 1)])
  let rendered = RenderedSpelling(spelling, scope: scope) { _ in "text" }
  #expect(rendered.unicode == "Xᵀ(s ⊙ (1 − s))")
  #expect(rendered.unicodeLines == ["Xᵀ(s ⊙ (1 − s))", "  where s = sigmoid(Xw)"])
  #expect(rendered.latex == #"\mathbf{X}^{\top} (\mathbf{s} \odot (1 - \mathbf{s}))"#)
  #expect(
    rendered.latexWithDefinitions
      == rendered.latex + #" \quad \text{where } \mathbf{s} = \sigma(\mathbf{X} \mathbf{w})"#)
  #expect(rendered.definitions.map(\.text) == ["text"])
}

@Test func equationsAreDisplayed() {
  let rendered = RenderedSpelling(spelling, scope: NameScope()) { _ in "" }
  let markdown = MarkdownPrinter().equation(#"\nabla_{\mathbf{w}}\, f"#, rendered)
  #expect(markdown.hasPrefix("$$\n\\nabla_{\\mathbf{w}}\\, f = \\mathbf{X}^{\\top}"))
  #expect(markdown.hasSuffix("\n$$"))
}
