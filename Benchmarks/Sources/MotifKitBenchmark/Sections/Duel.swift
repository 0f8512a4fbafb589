import Foundation

/// Contenders asked for the same thing in turn.
struct Duel {
  var contenders: [Contender]
  var threads: Int

  /// A turn of a contender: a pause, until nobody's threads spin any more; once to warm up (compilation, caches that hold
  /// another program's data, threads that sleep); then `repeats` times that count. Every contender has `rounds` turns, each round beginning with another.
  ///
  /// Those that answer with an error are left out and named in `absent`.
  func measure(
    _ request: String, rounds: Int, section: Measurement.Section, item: String, absent: inout [String]
  ) throws -> [Measurement] {
    var results: [String: Measurement] = [:]
    var able = contenders
    for round in 0..<rounds {
      for contender in able.rotated(by: round) {
        usleep(Self.pause)
        let warm = try contender.ask(request)
        if let error = warm.error {
          absent.append("\(ResultTables.title(contender.name)), \(section.rawValue), \(item): \(error)")
          able.removeAll { $0 === contender }
          continue
        }
        for _ in 0..<Self.repeats {
          let reply = try contender.ask(request)
          guard let seconds = reply.seconds else {
            throw BenchmarkError("\(contender.name): \(request): no time in the answer")
          }
          var measurement =
            results[contender.name]
            ?? Measurement(
              section: section, item: item, contender: contender.name, threads: threads, samples: [],
              work: reply.sequences.map(Double.init))
          measurement.samples.append(seconds)
          measurement.accuracy = reply.accuracy
          measurement.hits = reply.hits
          results[contender.name] = measurement
        }
      }
    }
    return contenders.compactMap { results[$0.name] }
  }

  /// Microseconds.
  private static let pause: UInt32 = 300_000
  /// Measurements of a turn that count.
  private static let repeats = 2

  func open(_ network: String) throws {
    for contender in contenders {
      if let error = try contender.ask("open \(network)").error { throw BenchmarkError(error) }
    }
  }

  func quit() { contenders.forEach { $0.quit() } }
}

extension Array {
  fileprivate func rotated(by offset: Int) -> [Element] {
    indices.map { self[($0 + offset) % count] }
  }
}
