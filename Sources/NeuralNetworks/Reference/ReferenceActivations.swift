/// Activations of a minibatch, (count, length, channels) row-major, in Double.
package struct ReferenceActivations: Equatable {
  package let count: Int
  package let length: Int
  package let channels: Int
  package var values: [Double]

  package init(count: Int, length: Int, channels: Int, values: [Double]? = nil) {
    self.count = count
    self.length = length
    self.channels = channels
    self.values = values ?? [Double](repeating: 0, count: count * length * channels)
    precondition(self.values.count == count * length * channels)
  }

  /// One-hot rows of sequences that share a length; an unknown base is a row of zeros.
  package init(oneHot sequences: [[UInt8]]) {
    self.init(count: sequences.count, length: sequences[0].count, channels: 4)
    for (s, codes) in sequences.enumerated() {
      for (i, code) in codes.enumerated() where code < 4 { self[s, i, Int(code)] = 1 }
    }
  }

  package subscript(_ s: Int, _ i: Int, _ c: Int) -> Double {
    get { values[(s * length + i) * channels + c] }
    set { values[(s * length + i) * channels + c] = newValue }
  }

  /// Zeros of the same shape.
  var zeros: ReferenceActivations {
    ReferenceActivations(count: count, length: length, channels: channels)
  }

  /// The same numbers under another shape.
  func reshaped(length: Int, channels: Int) -> ReferenceActivations {
    ReferenceActivations(count: count, length: length, channels: channels, values: values)
  }

  mutating func add(_ other: ReferenceActivations) {
    for index in values.indices { values[index] += other.values[index] }
  }

  /// Every index (s, i, c).
  func forEach(_ body: (Int, Int, Int) -> Void) {
    for s in 0..<count { for i in 0..<length { for c in 0..<channels { body(s, i, c) } } }
  }
}
