import Runtime
import Sequences

/// A network, what its outputs mean, and how it came about: what a model file holds.
public struct Model: Sendable {
  public var network: Network
  /// `nil` where nobody has said what the outputs are, as with some networks from elsewhere.
  public var objective: Objective?
  public var metadata: Metadata

  /// How a model came about, as far as that is known.
  public struct Metadata: Equatable, Sendable {
    public var name: String?
    public var seed: UInt64?
    /// Epochs trained.
    public var epochs: Int?
    public var training: TrainingOptions?
    public var provenance: Provenance?
    /// The logit above which a sequence is called positive, where it was chosen on validation data; otherwise it is 0.
    public var threshold: Float?

    public init(
      name: String? = nil, seed: UInt64? = nil, epochs: Int? = nil, training: TrainingOptions? = nil,
      provenance: Provenance? = nil, threshold: Float? = nil
    ) {
      (self.name, self.seed, self.epochs) = (name, seed, epochs)
      (self.training, self.provenance, self.threshold) = (training, provenance, threshold)
    }
  }

  /// What made a model, and from what.
  public struct Provenance: Codable, Equatable, Sendable {
    public var software: String
    public var version: String
    /// Sequences trained on.
    public var sequences: Int?
    /// A fingerprint of sequences and targets trained on: 16 hexadecimal digits that change when the data do.
    public var data: String?
    /// The chromosomes that sequences trained on lie on, in alphabetical order; `nil` unless all names carry coordinates.
    public var chromosomes: [String]?

    public init(
      software: String, version: String, sequences: Int? = nil, data: String? = nil,
      chromosomes: [String]? = nil
    ) {
      (self.software, self.version, self.sequences, self.data) = (software, version, sequences, data)
      self.chromosomes = chromosomes
    }

    /// A model that this program trained.
    public init(trainedOn set: DataSet) {
      self.init(
        software: "motifkit", version: Release.version, sequences: set.count, data: Fingerprint(set).text,
        chromosomes: set.sequences.names.isEmpty
          ? nil : (try? set.sequences.locations()).map { Set($0.map(\.chromosome)).sorted() })
    }
  }

  /// - Parameter objective: `nil` where nobody knows what the outputs mean.
  public init(_ network: Network, objective: Objective? = .binary, metadata: Metadata = Metadata()) {
    (self.network, self.objective, self.metadata) = (network, objective, metadata)
  }

  /// What the outputs mean.
  ///
  /// - Throws: `InputError` if that is not known.
  public func knownObjective(file: String? = nil) throws -> Objective {
    guard let objective else {
      throw InputError(
        file: file, "has \(network.architecture.outputCount) outputs and does not say what they are")
    }
    return objective
  }

  /// - Parameter what: such as "an audit".
  /// - Throws: `InputError` unless the model answers one question with yes or no.
  public func requireBinary(for what: String, file: String? = nil) throws {
    try knownObjective(file: file).requireBinary(for: what, file: file)
  }
}
