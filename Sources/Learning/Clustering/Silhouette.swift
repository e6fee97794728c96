import Statistics

/// The silhouette (Rousseeuw 1987): (b − a) ÷ max(a, b) per row, a the mean distance to the other rows of its cluster,
/// b the least mean distance to the rows of another one; 0 for the only row of a cluster. From −1 to 1; near 0 between
/// clusters.
enum Silhouette {
    /// Of every row; the work grows with the square of their number.
    /// - Returns: `nil` with fewer than two clusters.
    static func values(
        _ points: PointSet, labels: [Int], control: TrainingControl
    ) throws(LearningError) -> [Double]? {
        var positions: [Int: Int] = [:]
        for label in Set(labels).sorted() { positions[label] = positions.count }
        let clusters = positions.count
        guard clusters > 1 else { return nil }
        let own = labels.map { positions[$0] ?? 0 }
        var sizes = [Int](repeating: 0, count: clusters)
        for cluster in own { sizes[cluster] += 1 }
        var values = [Double](repeating: 0, count: points.count)
        try points.distances(to: points.cells, control: control) { rows, distances in
            var sums = [Double](repeating: 0, count: clusters)
            for row in rows {
                for cluster in 0..<clusters { sums[cluster] = 0 }
                let line = distances + (row - rows.lowerBound) * points.count
                for other in 0..<points.count where other != row { sums[own[other]] += line[other].squareRoot() }
                guard sizes[own[row]] > 1 else { continue }
                let inner = sums[own[row]] / Double(sizes[own[row]] - 1)
                var outer = Double.infinity
                for cluster in 0..<clusters where cluster != own[row] {
                    outer = min(outer, sums[cluster] / Double(sizes[cluster]))
                }
                values[row] = max(inner, outer) > 0 ? (outer - inner) / max(inner, outer) : 0
            }
        }
        return values
    }

    /// The mean over all rows, or over `maximumRows` of them drawn with the seed and compared among themselves.
    static func mean(
        _ points: PointSet, labels: [Int], maximumRows: Int, seed: Int, control: TrainingControl
    ) throws(LearningError) -> Double? {
        var (chosen, kept) = (points, labels)
        if points.count > maximumRows {
            var generator = SplitMix(seed: SplitMix.mixed(UInt64(seed) &+ 2))
            let rows = (0..<points.count).shuffled(using: &generator).prefix(maximumRows).sorted()
            chosen = PointSet(
                rows.flatMap { points.row($0) }, width: points.width, weights: rows.map { points.weights[$0] })
            kept = rows.map { labels[$0] }
        }
        return try values(chosen, labels: kept, control: control).map { $0.reduce(0, +) / Double($0.count) }
    }
}
