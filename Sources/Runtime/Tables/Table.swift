import Foundation

/// Named columns and rows: one `.tsv` file, one table of the page.
public struct Table: Equatable, Sendable {
  public enum Cell: Equatable, Sendable {
    case text(String)
    case integer(Int)
    /// With a fixed number of decimals.
    case number(Double, decimals: Int)
    /// In powers of ten where it is very small, as p-values are.
    case scientific(Double)
    /// A probability by its logarithm, written also where a number cannot hold it: `3.1e-2145`.
    case probability(log10: Double)
    case missing

    public init(_ value: Int?) { self = value.map(Cell.integer) ?? .missing }

    public init(_ text: String?) { self = text.map(Cell.text) ?? .missing }

    public init(scientific value: Double?) { self = value.map(Cell.scientific) ?? .missing }

    public init(log10Probability value: Double?) {
      self = value.map { .probability(log10: $0) } ?? .missing
    }

    /// A p-value as people read it: one too small for a number is not zero.
    package static func pValue(_ p: Double) -> Cell {
      .text(p == 0 ? "<1e-300" : Words.plainProbability(p))
    }

    public init(_ value: Double?, decimals: Int) {
      self = value.map { .number($0, decimals: decimals) } ?? .missing
    }

    public var text: String {
      switch self {
      case .text(let text):
        text.mayHoldControls ? text.split(whereSeparator: \.isControl).joined(separator: " ") : text
      case .integer(let value): String(value)
      case .number(let value, let decimals): Words.fixed(value, decimals: decimals)
      case .scientific(let value): Words.formatted("%.3g", value)
      case .probability(let log10): Self.probability(log10)
      case .missing: ""
      }
    }

    private static func probability(_ log10: Double) -> String {
      guard log10 < -300, log10.isFinite else { return String(format: "%.3g", pow(10, log10)) }
      let exponent = log10.rounded(.down)
      let mantissa = String(format: "%.2f", pow(10, log10 - exponent))
      // Rounding may reach ten.
      return mantissa == "10.00"
        ? String(format: "1.00e%.0f", exponent + 1) : mantissa + String(format: "e%.0f", exponent)
    }

    public var isNumeric: Bool { if case .text = self { false } else { true } }
  }

  /// The file's name without `.tsv`.
  public let name: String
  public let columns: [String]
  public private(set) var rows: [[Cell]] = []

  public init(_ name: String, columns: [String], rows: [[Cell]] = []) {
    self.name = name
    self.columns = columns
    for row in rows { append(row) }
  }

  public mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count, "a cell for each column of \(name)")
    rows.append(row)
  }

  /// Header and rows, tab-separated; missing values are empty.
  public var tsv: String {
    var text = columns.joined(separator: "\t") + "\n"
    for row in rows {
      for (place, cell) in row.enumerated() {
        if place > 0 { text += "\t" }
        text += cell.text
      }
      text += "\n"
    }
    return text
  }
}

extension Table: Encodable {
  /// An array with an object for each row.
  public func encode(to encoder: any Encoder) throws {
    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    var array = encoder.unkeyedContainer()
    for row in rows {
      var object = array.nestedContainer(keyedBy: Key.self)
      for (column, cell) in zip(columns, row) {
        let key = Key(stringValue: column)
        switch cell {
        case .text(let text): try object.encode(text, forKey: key)
        case .integer(let value): try object.encode(value, forKey: key)
        case .number(let value, _), .scientific(let value):
          if value.isFinite {
            try object.encode(value, forKey: key)
          } else {
            try object.encodeNil(forKey: key)
          }
        case .probability(let log10): try object.encode(pow(10, log10), forKey: key)
        case .missing: try object.encodeNil(forKey: key)
        }
      }
    }
  }
}

extension Character {
  /// Whether it ends a cell or a line, or moves a terminal's cursor.
  package var isControl: Bool {
    isNewline || unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

extension String {
  /// Controls are such a byte, or begin with one.
  fileprivate var mayHoldControls: Bool { utf8.contains { $0 < 32 || $0 >= 127 } }

  /// With blanks for tabs, line ends and other controls, which no table can hold.
  package var withoutControls: String {
    mayHoldControls ? String(map { $0.isControl ? " " : $0 }) : self
  }
}
