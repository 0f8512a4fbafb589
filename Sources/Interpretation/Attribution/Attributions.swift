import Sequences

/// What each base of each sequence did to an output of the network: the result of every attribution method.
public struct Attributions: Sendable {
  /// The method's name, such as `input-x-gradient`.
  public let method: String
  /// Number of sequences, N.
  public let count: Int
  /// Bases of each sequence, L.
  public let length: Int
  /// Nucleotide codes of the sequences, (N, L).
  public let codes: [UInt8]
  /// (N, 4, L): sequence, base A C G T, position.
  public internal(set) var values: [Float]
  /// Σ attributions − (output of the sequence − mean output of its references), (N); empty for methods that do not promise
  /// a sum.
  public internal(set) var residuals: [Float] = []

  init(_ method: AttributionMethod, sequences: SequenceSet, length: Int, values: [Float]? = nil) {
    self.method = method.rawValue
    count = sequences.count
    self.length = length
    codes = sequences.codes
    self.values = values ?? Array(repeating: 0, count: 4 * sequences.codes.count)
  }

  public subscript(sequence: Int, base: Int, position: Int) -> Float {
    values[(sequence * 4 + base) * length + position]
  }

  /// (N, 4, L): 1 for the base that is there, 0 for the others; four zeros for an unknown base.
  public var oneHot: [UInt8] { oneHotColumns(codes, length: length) }

  /// The value of the base that is there, (N, L); 0 for an unknown one.
  public var scores: [Float] {
    codes.enumerated().map { place, code in
      code < 4 ? values[(place / length * 4 + Int(code)) * length + place % length] : 0
    }
  }

  /// How much each position matters whatever the sign, (N, L): the largest |value| of its four for `gradient` (Simonyan,
  /// Vedaldi & Zisserman 2014), else |score|.
  public var magnitudes: [Float] {
    guard method == AttributionMethod.gradient.rawValue else { return scores.map(abs) }
    return codes.indices.map { place in
      (0..<4).reduce(0) { max($0, abs(values[(place / length * 4 + $1) * length + place % length])) }
    }
  }

  /// Zeroes the values of bases that are not there.
  mutating func keepPresentBases() {
    let oneHot = oneHot
    for i in values.indices where oneHot[i] == 0 { values[i] = 0 }
  }

  /// Subtracts at each position the mean over the four bases (Majdandzic et al. 2023, Genome Biology 24, 109: the part of a gradient
  /// that leaves the one-hot simplex means nothing).
  mutating func subtractBaseMeans() {
    for sequence in 0..<count {
      for position in 0..<length {
        let places = (0..<4).map { (sequence * 4 + $0) * length + position }
        let mean = places.reduce(0) { $0 + values[$1] } / 4
        for place in places { values[place] -= mean }
      }
    }
  }
}

/// (N, L) codes → (N, 4, L).
func oneHotColumns(_ codes: [UInt8], length: Int) -> [UInt8] {
  var result = [UInt8](repeating: 0, count: 4 * codes.count)
  for (place, code) in codes.enumerated() where code < 4 {
    result[(place / length * 4 + Int(code)) * length + place % length] = 1
  }
  return result
}
