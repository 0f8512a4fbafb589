import Sequences

/// Training and test sequences of the FOXO1 exercise with the truth about each.
public struct ExerciseData: Sendable {
  public let train: PlantedSet
  public let test: PlantedSet

  public init(train: PlantedSet, test: PlantedSet) {
    self.train = train
    self.test = test
  }

  /// Writes `FOXO1_train.csv`, `FOXO1_test.csv` (the exercise's own layout) and `truth.tsv` into a folder.
  ///
  /// - Throws: `InputError` naming the file that cannot be written.
  public func write(to folder: String) throws {
    try train.labeled.writeExerciseTable(to: "\(folder)/FOXO1_train.csv")
    try test.labeled.writeExerciseTable(to: "\(folder)/FOXO1_test.csv")
    try PlantedTruth.write(["train": train.sites, "test": test.sites], to: "\(folder)/truth.tsv")
  }
}
