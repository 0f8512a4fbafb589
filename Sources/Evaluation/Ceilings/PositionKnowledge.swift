import NeuralNetworks
import Sequences

/// What a classifier knows of where the site of a planted model may be: the windows it cannot tell apart, and
/// how likely it takes the site to be in each.
public struct PositionKnowledge: Equatable, Sendable {
  /// 0-based starts of the candidate windows, rising.
  public let starts: [Int]
  /// The probability of each; they sum to one.
  public let weights: [Double]

  /// Windows with weights that are scaled to sum to one; those of weight zero are left out.
  public init(weights: [Int: Double]) {
    let kept = weights.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    let total = kept.reduce(0) { $0 + $1.value }
    precondition(total > 0, "at least one window")
    starts = kept.map(\.key)
    self.weights = kept.map { $0.value / total }
  }

  /// Every window of the sequence is as likely as any other.
  public static func nothing(_ model: PlantedSimulation) -> PositionKnowledge {
    PositionKnowledge(weights: Dictionary(uniqueKeysWithValues: (0...model.lastStart).map { ($0, 1) }))
  }

  /// The starts that the model plants, and no others.
  public static func everything(_ model: PlantedSimulation) -> PositionKnowledge {
    PositionKnowledge(weights: Dictionary(uniqueKeysWithValues: model.starts.map { ($0, 1) }))
  }

  /// What a network can know that ends in a global maximum (or mean) over the map of its last convolution.
  ///
  /// A unit of that map sees `field.size` bases, and the next unit sees them `field.stride` further on. A filter
  /// there finds a site at one offset within its field, so that it can tell a site's phase modulo the stride,
  /// but not which unit found it: the candidates are that offset in the field of every unit. Of the offsets
  /// that fit the phase, the site stands at the one nearest to the middle of the field. A field that is
  /// narrower than the site has no such offset, and every window of the phase is a candidate.
  /// With jitter every phase that the starts can have is a group of candidates of its own.
  public static func phase(of field: LastField, in model: PlantedSimulation) -> PositionKnowledge {
    var weights: [Int: Double] = [:]
    let groups = Dictionary(grouping: model.starts) { ($0 - field.first) % field.stride }
    let slack = field.size - model.frequencies.count
    for (phase, planted) in groups {
      var candidates = Set(planted)
      if slack >= 0 {
        let offsets = stride(from: phase, through: slack, by: field.stride)
        // 2·|offset − middle| keeps half positions whole; of two as near, the left one.
        if let offset = offsets.min(by: { abs(2 * $0 - slack) < abs(2 * $1 - slack) }) {
          candidates.formUnion((0..<field.units).map { field.first + offset + $0 * field.stride })
        }
      } else {
        candidates.formUnion((0...model.lastStart).filter { ($0 - field.first) % field.stride == phase })
      }
      candidates = candidates.filter { (0...model.lastStart).contains($0) }
      for start in candidates { weights[start] = Double(planted.count) / Double(candidates.count) }
    }
    return PositionKnowledge(weights: weights)
  }

  /// What a network of this architecture can know: the phase, or everything if it keeps positions apart to the
  /// end (as `Flatten` does).
  public static func network(_ architecture: Architecture, in model: PlantedSimulation) -> PositionKnowledge {
    precondition(architecture.input.length == model.length, "a network for sequences of this length")
    return LastField(architecture).map { phase(of: $0, in: model) } ?? everything(model)
  }
}

/// What the units of a network's last convolution see of the sequence.
public struct LastField: Equatable, Sendable {
  /// The first base that unit 0 sees; negative where padding lies before the sequence.
  public var first: Int
  /// Bases that one unit sees.
  public var size: Int
  /// Bases from one unit to the next.
  public var stride: Int
  /// Number of units.
  public var units: Int

  public init(first: Int = 0, size: Int, stride: Int, units: Int) {
    self.first = first
    self.size = size
    self.stride = stride
    self.units = units
  }

  /// `nil` unless a global pooling follows the last convolution.
  public init?(_ architecture: Architecture) {
    guard let last = architecture.lastPositionalConvolution,
      let field = architecture.receptiveField(of: last),
      architecture.layers[last...].contains(where: {
        $0.kind == .globalMaxPooling1D || $0.kind == .globalAveragePooling1D
      })
    else { return nil }
    self.init(
      first: field.first, size: field.size, stride: field.stride, units: architecture.shapes[last].length)
  }
}

extension PlantedSimulation {
  /// The last start at which a site lies inside the sequence.
  var lastStart: Int { length - frequencies.count }
}
