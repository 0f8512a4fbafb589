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
  /// Standard error of `scores` over references, (N, L); empty for methods without several references.
  public internal(set) var standardErrors: [Float] = []

  /// Standard deviation of `scores` between networks, (N, L); empty for a single one.
  public internal(set) var spreads: [Float] = []

  /// Sequences that are all of their own references, as shuffles of a homopolymer are: their values are zero and say nothing.
  public internal(set) var withoutContrast: [Int] = []

  init(_ method: String, sequences: SequenceSet, length: Int, values: [Float]? = nil) {
    self.method = method
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

  /// How much each position matters whatever the sign, (N, L): the largest |value| of its four (Simonyan, Vedaldi & Zisserman 2014),
  /// which is |score| where bases that are not there have no value.
  public var magnitudes: [Float] {
    var result = [Float](repeating: 0, count: codes.count)
    for sequence in 0..<count {
      for base in 0..<4 {
        let row = (sequence * 4 + base) * length
        for position in 0..<length {
          let place = sequence * length + position
          result[place] = max(result[place], abs(values[row + position]))
        }
      }
    }
    return result
  }

  /// Zeroes the values of bases that are not there.
  mutating func keepPresentBases() {
    values.withUnsafeMutableBufferPointer { values in
      for sequence in 0..<count {
        for base in 0..<4 {
          let row = (sequence * 4 + base) * length
          for position in 0..<length where codes[sequence * length + position] != UInt8(base) {
            values[row + position] = 0
          }
        }
      }
    }
  }

  /// Subtracts at each position the mean over the four bases (Majdandzic et al. 2023, Genome Biology 24, 109: the part of a gradient
  /// that leaves the one-hot simplex means nothing).
  mutating func subtractBaseMeans() {
    let length = length
    values.withUnsafeMutableBufferPointer { values in
      for sequence in 0..<count {
        for position in 0..<length {
          let place = sequence * 4 * length + position
          let sum =
            values[place] + values[place + length] + values[place + 2 * length] + values[place + 3 * length]
          for base in 0..<4 { values[place + base * length] -= sum / 4 }
        }
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
