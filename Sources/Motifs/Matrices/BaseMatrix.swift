/// Numbers for each position and each of A C G T, position by position: what all motif stages have in common.
///
/// The stage is the type: `CountMatrix` → `FrequencyMatrix` → `WeightMatrix`. Each step names what it adds
/// (pseudocount, background), so that a mixture of stages does not compile.
public protocol BaseMatrix: Equatable, Sendable {
  /// 4 × width values: position-major, A C G T within a position.
  var values: [Double] { get }
  init(unchecked values: [Double])
}

extension BaseMatrix {
  /// Number of positions.
  public var width: Int { values.count / 4 }

  public subscript(_ position: Int, _ base: Int) -> Double { values[4 * position + base] }

  /// A C G T at one position.
  public func row(_ position: Int) -> [Double] { Array(values[4 * position..<4 * position + 4]) }

  public var rows: [[Double]] { (0..<width).map(row) }

  public init(rows: [[Double]]) {
    precondition(rows.allSatisfy { $0.count == 4 }, "four values a position")
    self.init(unchecked: rows.flatMap { $0 })
  }

  /// Read on the other strand: positions and bases reversed.
  public var reverseComplement: Self { Self(unchecked: values.reversed()) }

  public subscript(_ positions: Range<Int>) -> Self {
    Self(unchecked: Array(values[4 * positions.lowerBound..<4 * positions.upperBound]))
  }
}
