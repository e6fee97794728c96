import Foundation
import Statistics

/// First centres by k-means++ (Arthur and Vassilvitskii 2007), greedy as scikit-learn's: of 2 + ln k candidates, drawn
/// with the squared distance to the nearest centre as weight, the one that leaves the smallest sum of these.
enum KMeansStart {
    /// - Returns: `clusters` centres, row by row; some of them equal if there are fewer different rows.
    static func centres(
        of points: PointSet, clusters: Int, _ generator: inout SplitMix, control: TrainingControl
    ) throws(LearningError) -> [Double] {
        let first = draw(points.weights, total: points.weights.reduce(0, +), &generator)
        var centres = Array(points.row(first))
        var nearest = [Double](repeating: 0, count: points.count)
        try points.distances(to: centres, control: control) { rows, distances in
            for row in rows { nearest[row] = distances[row - rows.lowerBound] }
        }
        let candidates = 2 + Int(log(Double(clusters)))
        for _ in 1..<max(clusters, 1) {
            let pulls = nearest.indices.map { nearest[$0] * points.weights[$0] }
            let total = pulls.reduce(0, +)
            let drawn = (0..<candidates).map { _ in draw(pulls, total: total, &generator) }
            var sums = [Double](repeating: 0, count: candidates)
            let places = drawn.flatMap { points.row($0) }
            try points.distances(to: places, control: control) { rows, distances in
                for row in rows {
                    let line = distances + (row - rows.lowerBound) * candidates
                    for index in 0..<candidates { sums[index] += points.weights[row] * min(nearest[row], line[index]) }
                }
            }
            let best = sums.indices.min { (sums[$0], $0) < (sums[$1], $1) } ?? 0
            let centre = Array(points.row(drawn[best]))
            centres += centre
            try points.distances(to: centre, control: control) { rows, distances in
                for row in rows { nearest[row] = min(nearest[row], distances[row - rows.lowerBound]) }
            }
        }
        return centres
    }

    /// An index, with the weights as odds; any one if all weigh nothing.
    private static func draw(_ weights: [Double], total: Double, _ generator: inout SplitMix) -> Int {
        let share = Double.random(in: 0..<1, using: &generator)
        guard total > 0 else { return min(Int(share * Double(weights.count)), weights.count - 1) }
        var rest = share * total
        for (index, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0, weight > 0 { return index }
        }
        return weights.lastIndex { $0 > 0 } ?? weights.count - 1
    }
}
