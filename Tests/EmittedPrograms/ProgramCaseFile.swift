import Foundation
import Frechet

/// Cases as the drivers that read JSON know them.
struct ProgramCaseFile: Encodable {
  struct Array: Encodable {
    let name: String
    /// Of the array: none of a scalar, one of a vector or row.
    let shape: [Int]
    let rows: Int
    let columns: Int
    /// What was declared.
    let type: String
    /// Row by row.
    let values: [Double]

    init(_ name: String, _ shape: Shape, _ type: String, _ value: Matrix) {
      self.name = name
      self.type = type
      rows = value.rows
      columns = value.columns
      let axes = [(shape.rows, value.rows), (shape.columns, value.columns)]
      self.shape = axes.filter { $0.0 != .literal(1) }.map(\.1)
      values = value.rowMajorValues
    }
  }

  struct Misfit: Encodable {
    let place: Int
    /// Of the array.
    let shape: [Int]
    let rows: Int
    let columns: Int

    init(_ misfit: ProgramCase.Misfit, _ shape: Shape) {
      place = misfit.place
      (rows, columns) = (misfit.rows, misfit.columns)
      let axes = [(shape.rows, rows), (shape.columns, columns)]
      self.shape = axes.filter { $0.0 != .literal(1) || $0.1 != 1 }.map(\.1)
    }
  }

  let id: String
  let name: String
  /// Of the program.
  let file: String
  let functionName: String
  let arguments: [Array]
  let sizes: [Int]
  let outputs: [Array]
  let places: [Int]
  let valuePlaces: [Int]
  let misfits: [Misfit]

  init(_ item: ProgramCase, file: String) {
    id = item.id
    name = item.fileName
    self.file = file
    functionName = item.program.interface.function
    arguments = item.arguments.map {
      Array($0.variable.name, $0.variable.shape, $0.variable.type.rawValue, $0.value)
    }
    sizes = item.sizes
    outputs = item.outputs.map { Array($0.name, $0.shape, "", $0.value) }
    places = item.places
    valuePlaces = item.valuePlaces
    misfits = item.misfits.map { Misfit($0, item.arguments[$0.place].variable.shape) }
  }

  /// Writes `cases.json`.
  static func write(_ cases: [ProgramCaseFile], in folder: URL) throws {
    let encoder = JSONEncoder()
    // Octave makes an array only of objects whose keys come in the same order.
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(cases)
    try data.write(to: folder.appendingPathComponent("cases.json"))
  }
}
