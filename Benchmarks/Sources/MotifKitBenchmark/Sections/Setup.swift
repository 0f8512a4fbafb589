import Foundation

/// What is run, and where the programs and the data are.
struct Setup {
  var program: String
  /// A Python with the packages of Benchmarks/peers/requirements.txt; `nil` measures MotifKit alone.
  var python: String?
  /// Benchmarks/peers.
  var peers: String
  /// Of jax, torch and keras.
  var frameworks: [String]
  /// The simulated data.
  var data: String
  var quick: Bool
  var threadCounts: [Int]
  var queryMotifs: String?
  var targetMotifs: String?
  var fileOfMillion: Bool

  var rounds: Int { quick ? 2 : 5 }
  var publishedRounds: Int { quick ? 1 : 3 }
  var exerciseNetworks: [String] { quick ? ["v2", "v5"] : ["v1", "v2", "v3", "v4", "v5"] }
  var publishedNetworks: [String] { quick ? [] : ["deepstarr", "basset"] }

  /// Of these PyTorch has layers that run as they are.
  var laterNetworks: [String] { quick ? [] : ["deeperbind", "bpnet"] }

  /// This program, to start workers with.
  let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]

  /// MotifKit and those peers that there are, started.
  func duel(_ peerNames: [String], threads: Int, _ results: inout Results) throws -> Duel {
    var contenders = [try Contender([executable, "worker", "\(threads)", data], threads: threads)]
    if let python {
      for name in peerNames {
        contenders.append(
          try Contender([python, "\(peers)/worker.py", name, "\(threads)", data], threads: threads))
      }
    }
    for contender in contenders { results.versions[contender.name] = contender.version }
    return Duel(contenders: contenders, threads: threads)
  }

  /// A line of progress on standard error.
  func note(_ message: String) { FileHandle.standardError.write(Data("\(message)…\n".utf8)) }
}
