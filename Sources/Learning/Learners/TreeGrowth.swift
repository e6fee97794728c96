/// Rounds of boosting, with or without a table that is watched.
struct TreeGrowth {
    let parameters: BoostingParameters
    let settings: TreeSettings
    let control: TrainingControl

    /// XGBoost's bytes of the finished model.
    func model(
        on training: TrainingRows, watching validation: TrainingRows?, schema: FeatureSchema
    ) throws(LearningError) -> [UInt8] {
        if let quantile = parameters.quantile {
            let growth = QuantileGrowth(
                parameters: parameters, settings: settings, control: control, quantile: quantile)
            return try growth.model(on: training, watching: validation, schema: schema)
        }
        let booster: Booster
        if let validation, let patience = parameters.earlyStoppingRounds {
            booster = try stopEarly(training: training, validation: validation, patience: patience)
        } else {
            booster = try grow(training, rounds: parameters.boostingRounds)
        }
        try booster.describe(schema)
        return try booster.ubj()
    }

    private func grow(_ training: TrainingRows, rounds: Int) throws(LearningError) -> Booster {
        let booster = try Booster.untrained(on: training.matrix, settings: settings.values)
        for round in 0..<rounds {
            try control.check()
            try booster.update(round: round, training: training.matrix)
            control.progress(Double(round + 1) / Double(rounds), "round \(round + 1) of \(rounds)")
        }
        return booster
    }

    private func stopEarly(
        training: TrainingRows, validation: TrainingRows, patience: Int
    ) throws(LearningError) -> Booster {
        let booster = try Booster.untrained(
            on: training.matrix, watching: validation.matrix, settings: settings.values)
        var watch = StoppingWatch(patience: patience, higherIsBetter: settings.higherIsBetter)
        let rounds = parameters.boostingRounds
        for round in 0..<rounds {
            try control.check()
            try booster.update(round: round, training: training.matrix)
            let value = try booster.evaluate(round: round, on: validation.matrix)
            guard try watch.goesOn(after: value) else { break }
            control.progress(
                Double(round + 1) / Double(rounds), "round \(round + 1) of \(rounds), \(value) on the validation table")
        }
        guard watch.bestRound + 1 < watch.rounds else { return booster }
        // Later rounds of DART have changed the weight of earlier trees: the same seed grows the first ones again.
        if parameters.kind == .dart { return try grow(training, rounds: watch.bestRound + 1) }
        return try booster.slice(rounds: 0..<(watch.bestRound + 1))
    }
}

/// Decides when to stop: the best round so far, and how long it has been.
struct StoppingWatch {
    let patience: Int
    let higherIsBetter: Bool
    private(set) var bestRound = 0
    private(set) var rounds = 0
    private var best = Double.infinity

    init(patience: Int, higherIsBetter: Bool) {
        self.patience = patience
        self.higherIsBetter = higherIsBetter
    }

    /// - Returns: whether another round may still help.
    /// - Throws: `LearningError(.invalidInput)` if the metric has no value on the validation table.
    mutating func goesOn(after value: Double) throws(LearningError) -> Bool {
        guard !value.isNaN else {
            throw LearningError(
                .invalidInput, "the metric of early stopping has no value on the validation table",
                advice: "Give validation rows of every class, or let it watch the log loss.")
        }
        let loss = higherIsBetter ? -value : value
        if loss < best { (bestRound, best) = (rounds, loss) }
        rounds += 1
        return rounds - 1 - bestRound < patience
    }
}
