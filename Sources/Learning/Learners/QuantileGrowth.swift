/// Boosting of a quantile, which XGBoost 1.7 has no objective for.
///
/// Each tree is grown on the gradients of the pinball loss (1 − q where the forecast is too high, −q where it is not;
/// the hessian is the row's weight). A step along these gradients says which way, not how far: so each leaf then takes
/// the quantile of the residuals of all its training rows, times the learning rate, as in Friedman's (2001) trees of
/// absolute errors and LightGBM. `lambda` and `alpha` therefore shape the trees and do not shrink leaves.
/// `minimumChildWeight` counts rows (their weights). Python opens the result as a squared-error model; the values are the
/// same.
struct QuantileGrowth {
    let parameters: BoostingParameters
    let settings: TreeSettings
    let control: TrainingControl
    let quantile: Double

    func model(
        on training: TrainingRows, watching validation: TrainingRows?, schema: FeatureSchema
    ) throws(LearningError) -> [UInt8] {
        let booster = try Booster.untrained(on: training.matrix, settings: settings.values)
        var forecasts = [Float](repeating: settings.baseScore, count: training.labels.count)
        var watched = validation.map { [Float](repeating: settings.baseScore, count: $0.labels.count) } ?? []
        var watch = StoppingWatch(patience: parameters.earlyStoppingRounds ?? .max, higherIsBetter: false)
        var leaves: [[Int: Float]] = []
        for round in 0..<parameters.rounds {
            try control.check()
            try boost(booster, training, forecasts)
            let places = try booster.leaves(of: training.matrix, round: round)
            let values = leafValues(places, training, forecasts)
            for row in forecasts.indices { forecasts[row] += values[places[row]] ?? 0 }
            leaves.append(values)
            if let validation {
                let places = try booster.leaves(of: validation.matrix, round: round)
                for row in watched.indices { watched[row] += values[places[row]] ?? 0 }
                let loss = WeightedQuantile.pinball(
                    outcomes: validation.labels, forecasts: watched, weights: validation.weights, quantile: quantile)
                guard try watch.goesOn(after: loss) else { break }
            }
            control.progress(
                Double(round + 1) / Double(parameters.rounds), "round \(round + 1) of \(parameters.rounds)")
        }
        if validation != nil, watch.bestRound + 1 < leaves.count {
            let kept = try booster.slice(rounds: 0..<(watch.bestRound + 1))
            return try finish(kept, leaves: Array(leaves.prefix(watch.bestRound + 1)), schema)
        }
        return try finish(booster, leaves: leaves, schema)
    }

    private func boost(
        _ booster: borrowing Booster, _ training: TrainingRows, _ forecasts: [Float]
    ) throws(LearningError) {
        var gradients = [Float](repeating: Float(-quantile), count: forecasts.count)
        for row in gradients.indices where forecasts[row] > training.labels[row] {
            gradients[row] = Float(1 - quantile)
        }
        var hessians = [Float](repeating: 1, count: forecasts.count)
        if let weights = training.weights {
            for row in gradients.indices { gradients[row] *= weights[row] }
            hessians = weights
        }
        try booster.boost(training: training.matrix, gradients: &gradients, hessians: &hessians)
    }

    private func leafValues(_ places: [Int], _ training: TrainingRows, _ forecasts: [Float]) -> [Int: Float] {
        var rowsOfLeaf: [Int: [Int]] = [:]
        for (row, leaf) in places.enumerated() { rowsOfLeaf[leaf, default: []].append(row) }
        return rowsOfLeaf.mapValues { rows in
            let residuals = rows.map { training.labels[$0] - forecasts[$0] }
            let weights = training.weights.map { weights in rows.map { weights[$0] } }
            let value = WeightedQuantile.value(of: residuals, weights: weights, quantile: quantile)
            return Float(parameters.learningRate) * value
        }
    }

    private func finish(
        _ booster: borrowing Booster, leaves: [[Int: Float]], _ schema: FeatureSchema
    ) throws(LearningError) -> [UInt8] {
        let patched = try LeafValues.replace(in: booster.ubj(), with: leaves)
        let final = try Booster.loaded(fromUBJ: patched, threads: parameters.threads)
        try final.describe(schema)
        return try final.ubj()
    }
}
