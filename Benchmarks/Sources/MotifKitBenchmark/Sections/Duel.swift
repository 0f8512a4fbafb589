/// Contenders asked for the same thing in turn.
struct Duel {
  var contenders: [Contender]
  var threads: Int

  /// Each contender once to warm up, then `rounds` times, each round beginning with another.
  func measure(
    _ request: String, rounds: Int, section: Measurement.Section, item: String
  ) throws -> [Measurement] {
    var results = try contenders.map { contender in
      let warm = try contender.ask(request)
      return Measurement(
        section: section, item: item, contender: contender.name, threads: threads, samples: [],
        work: warm.sequences.map(Double.init))
    }
    for round in 0..<rounds {
      for turn in contenders.indices {
        let index = (turn + round) % contenders.count
        let reply = try contenders[index].ask(request)
        guard let seconds = reply.seconds else {
          throw BenchmarkError("\(contenders[index].name): \(request): no time in the answer")
        }
        results[index].samples.append(seconds)
        results[index].accuracy = reply.accuracy
        results[index].hits = reply.hits
      }
    }
    return results
  }

  /// All contenders open the same network; those that cannot are named in `absent`.
  func opened(_ network: String, absent: inout [String]) throws -> Duel {
    var able: [Contender] = []
    for contender in contenders {
      if let error = try contender.ask("open \(network)").error {
        absent.append("\(contender.name), \(network): \(error)")
      } else {
        able.append(contender)
      }
    }
    return Duel(contenders: able, threads: threads)
  }

  func quit() { contenders.forEach { $0.quit() } }
}
