import ExpressionCore
import ExpressionLanguage

extension LaTeXPrinter {
  /// A call, laid out in the form that the table of notation gives it.
  func call(_ name: String, _ arguments: [Syntax], depth: Int) -> Piece {
    guard let primitive = Primitive.called(name, arguments) else {
      let operands = arguments.map { self.piece($0, depth: depth) }
      // `d(…)` of a derivation: a differential has the shape of its operand.
      if name == "d", let operand = operands.first {
        return function("\\mathrm{d}", operands, operand.extent)
      }
      return function("\\operatorname{\(name)}", operands, .scalar)
    }
    if let inner = inverseOfTranspose(primitive, arguments) {
      return inverseTransposed(self.piece(inner, depth: depth))
    }
    let arrays = primitive.arrayArguments.clamped(to: 0..<arguments.count)
    // Sizes and positions are set in scripts, by their own rule: no argument is set twice.
    let operands = arguments.enumerated().map { place, argument in
      primitive.notation.latex.setsSizes && !arrays.contains(place)
        ? Piece("", .atom, .scalar) : self.piece(argument, depth: depth)
    }
    let extents = operands.map(\.extent)
    var result = Extent.result(of: primitive, extents, sizes: arguments)
    if primitive == .diag, extents.first == .matrix { result = .vector }
    var laidOut = layout(primitive, arguments, operands, result, depth: depth)
    laidOut.extent = result
    return laidOut
  }

  private func layout(
    _ primitive: Primitive, _ arguments: [Syntax], _ operands: [Piece], _ extent: Extent, depth: Int
  ) -> Piece {
    let form = primitive.notation.latex
    guard let first = operands.first else {
      if case .constant(let symbol) = form { return Piece(symbol, .atom, extent) }
      return function(symbol(primitive), [], extent)
    }
    switch form {
    case .operation, .blocks:
      return function("\\operatorname{\(primitive.rawValue)}", operands, extent)
    case .infix:
      guard operands.count == 2 else { break }
      return loose(first, primitive, operands[1])
    case .function(let name):
      return function(unclashing(name, primitive), operands, extent)
    case .indexed(let name, let count):
      let below = arguments.dropFirst(count).map(size).joined(separator: ", ")
      return function(
        below.isEmpty ? name : "\(name)_{\(below)}", Array(operands.prefix(count)), extent)
    case .ordered(let name):
      return function(
        unclashing(name, primitive) + "^{(\(size(arguments[0])))}", Array(operands.dropFirst()),
        extent)
    case .superscript(let script):
      return raised(first, to: script)
    case .norm(let index):
      return norm(index, arguments, first)
    case .delimited(let open, let close):
      return delimited(
        open, operands.map(signed), close, extent, tall: operands.contains(where: \.tall))
    case .radical:
      if !first.extent.isScalar { return raised(first, to: symbol(.elementwisePower) + "1/2") }
      return Piece("\\sqrt{\(signed(first))}", .atom, extent, tall: first.tall)
    case .logDeterminant(let log, let det):
      let bare = first.level == .atom && !first.negative
      var piece = delimited(
        "\\lvert", ["\(det) \(bare ? first.text : parenthesized(first).text)"], "\\rvert", extent,
        tall: first.tall)
      piece.text = "\(log) \(piece.text)"
      piece.starts = .call
      piece.raisable = false
      return piece
    case .onesProduct(let ones):
      return sumOfEntries(ones, first, arguments)
    case .constant(let symbol):
      return Piece(symbol + "_{" + arguments.map(size).joined(separator: ",") + "}", .atom, extent)
    case .filled(let symbol):
      return filled(symbol, arguments, extent)
    case .multipleOfOnes(let matrix):
      return multipleOfOnes(first, matrix: matrix, extent)
    case .unitVector(let symbol):
      return Piece("\(symbol)_{\(size(arguments[arguments.count - 1]))}", .atom, extent)
    case .subscripted(let before, let after):
      let positions = arguments.dropFirst().map(size).joined(separator: ",")
      let bare = first.level == .atom && first.raisable && !first.text.contains("_")
      var piece = bare ? first : parenthesized(first)
      piece.text += "_{\(before)\(positions)\(after)}"
      return piece
    }
    return function("\\operatorname{\(primitive.rawValue)}", operands, extent)
  }

  /// A size, a position or another constant in a script.
  private func size(_ syntax: Syntax) -> String {
    LaTeXPrinter(scope: scope.ofSizes).script(syntax)
  }

  /// A Greek letter that the author uses as a name does not name a function as well.
  private func unclashing(_ name: String, _ primitive: Primitive) -> String {
    let bare = name.hasPrefix("\\psi") ? "\\psi" : name
    let letter = bare == "\\phi" ? "\\varphi" : bare
    return letters.contains(letter) || letters.contains(bare)
      ? "\\operatorname{\(primitive.rawValue)}" : name
  }

  private func function(_ name: String, _ operands: [Piece], _ extent: Extent) -> Piece {
    var piece = delimited(
      "(", operands.map(signed), ")", extent, tall: operands.contains(where: \.tall))
    piece.text = name + piece.text
    let spaced = ["\\operatorname", "\\log", "\\exp", "\\sin", "\\cos", "\\tan", "\\arc", "\\m"]
    piece.starts = spaced.contains(where: name.hasPrefix) || name == "\\det" ? .call : .letterCall
    piece.ends = .call
    return piece
  }

  private func norm(_ index: NormIndex, _ arguments: [Syntax], _ operand: Piece) -> Piece {
    let isMatrix = operand.extent.isMatrix
    let below: String
    var isEntrywise = false
    switch index {
    case .entrywise(let text):
      below = text
      isEntrywise = true
    case .euclidean: below = isMatrix ? "F" : "2"
    case .frobenius: below = "F"
    case .spectral(let text): below = text
    case .argument:
      below = arguments.dropFirst().map(script).joined()
      isEntrywise = true
    }
    let inside =
      isEntrywise && isMatrix
      ? "\(symbol(.vec))(\(signed(operand)))" : signed(operand)
    var piece = delimited("\\lVert", [inside], "\\rVert", .scalar, tall: operand.tall)
    piece.text += "_{\(below)}"
    return piece
  }

  private func sumOfEntries(_ ones: String, _ operand: Piece, _ arguments: [Syntax]) -> Piece {
    let axis = arguments.count > 1 ? arguments[1].literal : nil
    let column = Piece(ones, .atom, .vector)
    let row = Piece("\(ones)^{\\top}", .atom, .row)
    if operand.extent.isScalar { return operand }
    var chain = Chain(operand)
    if axis != 2, !operand.extent.oneRow { chain = times(Chain(row), operand) }
    if axis != 1, !operand.extent.oneColumn {
      if operand.level < .chain, chain.body.count == 1 { chain = Chain(parenthesized(operand)) }
      chain = times(chain, column)
    }
    return finish(chain)
  }

  private func filled(_ symbol: String, _ arguments: [Syntax], _ extent: Extent) -> Piece {
    let sizes = arguments.map(size)
    if sizes.count < 2 || extent.isScalar || (extent.oneColumn && !extent.oneRow) {
      return Piece("\(symbol)_{\(sizes.first ?? "")}", .atom, extent)
    }
    if extent.oneRow {
      var piece = Piece("\(symbol)_{\(sizes[1])}^{\\top}", .atom, extent)
      piece.raisable = false
      return piece
    }
    return Piece("\(symbol)_{\(sizes[0]) \\times \(sizes[1])}", .atom, extent)
  }

  private func multipleOfOnes(_ factor: Piece, matrix: Bool, _ extent: Extent) -> Piece {
    if factor.text == "0" { return Piece("\\mathbf{0}", .atom, extent) }
    let ones = Piece("\\mathbf{1}", .atom, .vector)
    var chain = factor.text == "1" && !factor.negative ? Chain(ones) : times(Chain(factor), ones)
    if matrix { chain = times(chain, Piece("\\mathbf{1}^{\\top}", .atom, .row)) }
    return finish(chain)
  }
}
