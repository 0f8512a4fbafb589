"""Scanning with lightmotif's scanner, which discretises the scores first and rescores what may be a hit."""
import json
from importlib import metadata

import lightmotif


def version():
    return metadata.version("lightmotif")


class Scan:
    def __init__(self, folder):
        with open(f"{folder}/scan.json") as file:
            task = json.load(file)
        columns = {base: [row[i] for row in task["weights"]] for i, base in enumerate("ACGT")}
        self.weights = lightmotif.ScoringMatrix(columns)
        self.score = task["score"]
        with open(f"{folder}/random.fa") as file:
            next(file)
            self.sequence = lightmotif.stripe(file.read().strip())

    def run(self):
        return sum(1 for _ in lightmotif.scan(self.weights, self.sequence, threshold=self.score))
