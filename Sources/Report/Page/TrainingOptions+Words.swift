import NeuralNetworks

extension TrainingOptions {
  /// What was done to minimize `loss`, in words.
  package func words(_ loss: String) -> String {
    var words = [
      "\(optimizer.words) (learning rate \(learningRate)\(schedule.words))", loss,
      "batches of \(batchSize)",
      earlyStopping.map { "\(epochs) epochs at most, until \($0.patience) bring no lower validation loss" }
        ?? "\(epochs) epochs",
    ]
    if weightDecay != 0 { words.append("weight decay \(weightDecay)") }
    if focusing > 0 { words.append("focal loss of gamma \(focusing)") }
    if classWeight != .none { words.append("classes weighted by their frequency") }
    if let balanced = balance.words { words.append(balanced) }
    if warmUpBatches > 0 { words.append("\(warmUpBatches) steps of warm-up") }
    if let clipNorm { words.append("gradients of norm \(clipNorm) at most") }
    if let clipValue { words.append("gradients of \(clipValue) at most") }
    if augmentation.reverseComplement { words.append("reverse complements at random") }
    if augmentation.shift > 0 { words.append("shifts of up to \(augmentation.shift) bases at random") }
    return words.joined(separator: ", ")
  }
}

extension Optimizer {
  fileprivate var words: String {
    switch self {
    case .adam: "Adam"
    case .sgd(let momentum, _): momentum == 0 ? "SGD" : "SGD with momentum \(momentum)"
    case .rmsprop: "RMSprop"
    }
  }
}

extension Schedule {
  fileprivate var words: String {
    switch self {
    case .constant: ""
    case .cosine: ", falling along a cosine"
    case .reduceOnPlateau(let factor, let patience, _):
      ", times \(factor) after \(patience) epochs without progress"
    }
  }
}

extension ClassBalance {
  fileprivate var words: String? {
    switch self {
    case .none: nil
    case .up: "rarer classes repeated"
    case .down: "as many of each class as the rarest has"
    case .batches: "as many of each class in every batch"
    }
  }
}
