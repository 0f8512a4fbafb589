// swift-tools-version: 6.2
import PackageDescription

// Four programs to begin with. A package of its own, as yours would be.
let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "MotifKit", path: "..")],
  targets: [
    .executableTarget(
      name: "TrainNetwork", dependencies: [.product(name: "MotifKit", package: "MotifKit")]),
    .executableTarget(
      name: "FiltersToMotifs", dependencies: [.product(name: "MotifKit", package: "MotifKit")]),
    .executableTarget(
      name: "ExplainModel", dependencies: [.product(name: "MotifKit", package: "MotifKit")]),
    // Motifs alone: neither networks nor cairo are linked.
    .executableTarget(name: "ReadMotifs", dependencies: [.product(name: "Motifs", package: "MotifKit")]),
  ]
)
