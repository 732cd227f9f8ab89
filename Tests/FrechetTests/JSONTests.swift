import Foundation
import Frechet
import Testing

@Suite struct JSONTests {
  @Test func keysKeepTheirOrder() {
    let value = JSON.object([("z", .integer(1)), ("a", .array([.null, .bool(true)]))])
    #expect(value.text() == #"{"z": 1, "a": [null, true]}"#)
  }

  @Test func longValuesAreBrokenIntoLines() {
    let value = JSON.object([
      ("first", .integer(1)), ("second", .array([.integer(2), .integer(3)])),
    ])
    #expect(
      value.text(width: 20) == """
        {
          "first": 1,
          "second": [2, 3]
        }
        """)
  }

  @Test(arguments: ["plain", "\"quoted\"", "back\\slash", "line\nfeed\tand\u{1}control", "Aᵀ∇𝒇"])
  func stringsSurviveAReader(text: String) throws {
    let data = Data(JSON.array([.string(text)]).text().utf8)
    #expect(try JSONDecoder().decode([String].self, from: data) == [text])
  }

  @Test(arguments: [0, -1.5, 2.1e-12, 1e300, .leastNonzeroMagnitude])
  func numbersSurviveAReader(number: Double) throws {
    let data = Data(JSON.array([.number(number)]).text().utf8)
    #expect(try JSONDecoder().decode([Double].self, from: data) == [number])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNoNumberIsNull(number: Double) {
    #expect(JSON.number(number).text() == "null")
  }
}
