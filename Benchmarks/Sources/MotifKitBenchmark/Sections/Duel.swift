/// Contenders asked for the same thing in turn.
struct Duel {
  var contenders: [Contender]
  var threads: Int

  /// Each contender once to warm up, then `rounds` times, each round beginning with another.
  ///
  /// Those that answer with an error are left out and named in `absent`.
  func measure(
    _ request: String, rounds: Int, section: Measurement.Section, item: String, absent: inout [String]
  ) throws -> [Measurement] {
    var able: [Contender] = []
    var results: [Measurement] = []
    for contender in contenders {
      let warm = try contender.ask(request)
      if let error = warm.error {
        absent.append("\(ResultTables.title(contender.name)), \(section.rawValue), \(item): \(error)")
        continue
      }
      able.append(contender)
      results.append(
        Measurement(
          section: section, item: item, contender: contender.name, threads: threads, samples: [],
          work: warm.sequences.map(Double.init)))
    }
    for round in 0..<rounds {
      for turn in able.indices {
        let index = (turn + round) % able.count
        let reply = try able[index].ask(request)
        guard let seconds = reply.seconds else {
          throw BenchmarkError("\(able[index].name): \(request): no time in the answer")
        }
        results[index].samples.append(seconds)
        results[index].accuracy = reply.accuracy
        results[index].hits = reply.hits
      }
    }
    return results
  }

  func open(_ network: String) throws {
    for contender in contenders {
      if let error = try contender.ask("open \(network)").error { throw BenchmarkError(error) }
    }
  }

  func quit() { contenders.forEach { $0.quit() } }
}
