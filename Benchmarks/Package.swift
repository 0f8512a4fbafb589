// swift-tools-version: 6.2
import PackageDescription

// Programs that measure MotifKit. A package of its own, so that nobody who depends on MotifKit fetches what
// only benchmarks need.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "MotifKit", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "ScanBenchmark", dependencies: [.product(name: "MotifKit", package: "MotifKit")]),
    // Points of a search for Benchmarks/peers/search.py, which knows what they are worth.
    .executableTarget(
      name: "SearchBenchmark", dependencies: [.product(name: "MotifKit", package: "MotifKit")]),
    // Windows of a genome for Benchmarks/peers/genomes.py.
    .executableTarget(
      name: "WindowBenchmark", dependencies: [.product(name: "MotifKit", package: "MotifKit")]),
    // MotifKit beside other tools: script/bench.
    .executableTarget(
      name: "MotifKitBenchmark",
      dependencies: [
        "CPeak", .product(name: "MotifKit", package: "MotifKit"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "CPeak"),
  ]
)
