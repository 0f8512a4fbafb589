import Foundation
import NeuralNetworks
import Runtime
import Sequences

/// A network that another program wrote, as one of MotifKit.
public struct ImportedModel: Sendable {
  /// What makes of an output what the other program predicts.
  public enum Link: String, Codable, Sendable {
    case identity, sigmoid, softmax
    /// Logarithms of probabilities, as networks of PyTorch give them.
    case logSigmoid, logSoftmax
  }

  /// One of the other program's outputs.
  public struct Output: Equatable, Sendable {
    public var name: String
    public var link: Link
    /// Its places in the network's flat output.
    public var range: Range<Int>
    /// Positions and channels; one position for features.
    public var length: Int
    public var channels: Int
    /// Whether the other program has (channels, positions).
    public var isChannelsFirst: Bool
  }

  public let network: Network
  public let outputs: [Output]
  /// The program and, where known, its version: `Keras 2`, `PyTorch`, `ONNX`, `DeepBind`.
  public let source: String
  /// What the other program has in the four columns of an unknown base; here these are 0, and the weights make up for it.
  public let unknownBase: Float

  /// - Parameter outputs: together they cover the network's flat output.
  public init(network: Network, outputs: [Output], source: String, unknownBase: Float = 0) {
    precondition(
      outputs.allSatisfy {
        $0.range.count == $0.length * $0.channels && $0.range.upperBound <= network.architecture.outputCount
      },
      "outputs of the network")
    self.network = network
    self.outputs = outputs
    self.source = source
    self.unknownBase = unknownBase
  }

  /// What the other program would predict: for each output (sequences, values of the output).
  public func predictions(of sequences: SequenceSet) throws -> [[Float]] {
    let logits = try network.logits(of: sequences)
    let width = logits.count / max(1, sequences.count)
    return outputs.map { output in
      (0..<sequences.count).flatMap { row in
        linked(
          Array(logits[row * width + output.range.lowerBound..<row * width + output.range.upperBound]), output
        )
      }
    }
  }

  private func linked(_ values: [Float], _ output: Output) -> [Float] {
    var result: [Float]
    switch output.link {
    case .identity: result = values
    case .sigmoid: result = values.map { Float(Activation.sigmoid.value(Double($0))) }
    case .logSigmoid: result = values.map { Float(-Activation.softplus.value(-Double($0))) }
    case .softmax, .logSoftmax:
      // Over the channels of each position.
      result = stride(from: 0, to: values.count, by: output.channels).flatMap { start in
        Softmax.shares(values[start..<start + output.channels].map(Double.init)).map {
          Float(output.link == .softmax ? $0 : log($0))
        }
      }
    }
    guard output.isChannelsFirst, output.length > 1 else { return result }
    result = (0..<result.count).map { result[$0 % output.length * output.channels + $0 / output.length] }
    return result
  }
}
