/// Training and prediction of the same networks on the same data by all contenders.
struct NetworkSections {
  var setup: Setup

  func run(_ results: inout Results) throws {
    for threads in setup.threadCounts {
      let duel = try setup.duel(setup.frameworks, threads: threads, &results)
      defer { duel.quit() }
      for network in setup.exerciseNetworks {
        try measure(
          network, duel, rounds: setup.rounds, training: .training, prediction: .prediction, &results)
      }
      for network in setup.publishedNetworks {
        try measure(
          network, duel, rounds: setup.publishedRounds, training: .publishedTraining,
          prediction: .publishedPrediction, &results)
      }
      let later = try setup.duel(setup.frameworks.filter { $0 == "torch" }, threads: threads, &results)
      defer { later.quit() }
      for network in setup.laterNetworks {
        try measure(
          network, later, rounds: setup.publishedRounds, training: .publishedTraining,
          prediction: .publishedPrediction, &results)
      }
    }
  }

  private func measure(
    _ network: String, _ duel: Duel, rounds: Int, training: Measurement.Section,
    prediction: Measurement.Section, _ results: inout Results
  ) throws {
    setup.note("\(network), \(duel.threads) thread\(duel.threads == 1 ? "" : "s")")
    try duel.open(network)
    results.measurements += try duel.measure(
      "train", rounds: rounds, section: training, item: network, absent: &results.absent)
    results.measurements += try duel.measure(
      "predict", rounds: rounds, section: prediction, item: network, absent: &results.absent)
  }
}
