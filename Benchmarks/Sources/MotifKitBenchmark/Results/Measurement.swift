import Foundation

/// How long one contender took for one thing, several times.
struct Measurement: Codable {
  enum Section: String, Codable {
    case training, prediction, publishedTraining, publishedPrediction, attribution, start, comparison, scan,
      scaling
  }

  var section: Section
  /// The network, or what was done.
  var item: String
  var contender: String
  var threads: Int
  /// Seconds, in the order measured.
  var samples: [Double]
  /// What one sample worked on: sequences, or bases of a scan.
  var work: Double?
  /// Test accuracy after training, where it was asked for: contenders must do the same thing to be compared.
  var accuracy: Double?
  var hits: Int?
  var peakBytes: Int?

  var median: Double { samples.sorted()[samples.count / 2] }
  var minimum: Double { samples.min()! }
}

/// What a convolution makes of one core.
struct PeakShare: Codable {
  var network: String
  var layer: Int
  /// Filters × kernel size on input channels, and positions.
  var shape: String
  var gigaflops: Double
  /// Of the peak measured in the same moment.
  var share: Double
}

/// Everything one run of the benchmark found.
struct Results: Codable {
  var machine: Machine
  var versions: [String: String] = [:]
  var measurements: [Measurement] = []
  var peakGigaflops: Double?
  var peakShares: [PeakShare] = []
  /// What could not be measured, and why.
  var absent: [String] = []

  func measurements(_ section: Measurement.Section, threads: Int) -> [Measurement] {
    measurements.filter { $0.section == section && $0.threads == threads }
  }
}

let ourName = "MotifKit"

func geometricMean(_ values: [Double]) -> Double {
  values.isEmpty ? .nan : exp(values.map(log).reduce(0, +) / Double(values.count))
}
