/// Lloyd's algorithm from given centres: each row to its nearest centre (the first of equals), each centre to the mean
/// of its rows, until nothing moves.
///
/// A centre that is left without rows goes to the row that is farthest from its own centre, the second to the next and
/// so on, as in scikit-learn; that row leaves its cluster.
struct KMeansRun {
    var centres: [Double]
    var labels: [Int] = []
    /// The weighted sum of squared distances of the rows to their centres.
    var inertia = Double.infinity
    var iterations = 0
    var isConverged = false

    static func lloyd(
        _ points: PointSet, from start: [Double], parameters: KMeansParameters, control: TrainingControl
    ) throws(LearningError) -> KMeansRun {
        var run = KMeansRun(centres: start)
        let limit = parameters.tolerance * points.meanVariance
        while run.iterations < parameters.maximumIterations, !run.isConverged {
            run.iterations += 1
            let before = run.labels
            try run.assign(points, control: control)
            if run.labels == before {
                run.isConverged = true
                break
            }
            let moved = run.update(points)
            run.isConverged = moved <= limit && limit > 0
        }
        // The labels are those of the final centres.
        try run.assign(points, control: control)
        run.inertia = points.weights.indices.reduce(0) { sum, row in
            sum + points.weights[row] * points.distance(row, to: run.centre(run.labels[row], points.width))
        }
        return run
    }

    func centre(_ index: Int, _ width: Int) -> ArraySlice<Double> { centres[(index * width)..<((index + 1) * width)] }

    private mutating func assign(_ points: PointSet, control: TrainingControl) throws(LearningError) {
        let clusters = centres.count / points.width
        var labels = [Int](repeating: 0, count: points.count)
        try points.distances(to: centres, control: control) { rows, distances in
            for row in rows {
                let line = distances + (row - rows.lowerBound) * clusters
                var best = 0
                for index in 1..<max(clusters, 1) where line[index] < line[best] { best = index }
                labels[row] = best
            }
        }
        self.labels = labels
    }

    /// - Returns: the sum of the squared moves.
    private mutating func update(_ points: PointSet) -> Double {
        let width = points.width
        let clusters = centres.count / width
        var sums = [Double](repeating: 0, count: centres.count)
        var totals = [Double](repeating: 0, count: clusters)
        for row in 0..<points.count {
            let (label, weight) = (labels[row], points.weights[row])
            totals[label] += weight
            for column in 0..<width { sums[label * width + column] += weight * points.cells[row * width + column] }
        }
        fillEmpty(points, &sums, &totals)
        var moved = 0.0
        for cluster in 0..<clusters where totals[cluster] > 0 {
            for index in (cluster * width)..<((cluster + 1) * width) {
                let new = sums[index] / totals[cluster]
                moved += (new - centres[index]) * (new - centres[index])
                centres[index] = new
            }
        }
        return moved
    }

    private func fillEmpty(_ points: PointSet, _ sums: inout [Double], _ totals: inout [Double]) {
        let width = points.width
        let empty = totals.indices.filter { totals[$0] == 0 }
        guard !empty.isEmpty else { return }
        let far = (0..<points.count).filter { points.weights[$0] > 0 }.map {
            (distance: points.distance($0, to: centre(labels[$0], width)), row: $0)
        }.sorted { ($1.distance, $0.row) < ($0.distance, $1.row) }
        for (cluster, (distance, row)) in zip(empty, far) where distance > 0 {
            let (label, weight) = (labels[row], points.weights[row])
            // A cluster of one row would be empty in turn.
            guard totals[label] > weight else { continue }
            totals[label] -= weight
            totals[cluster] = weight
            for column in 0..<width {
                let part = weight * points.cells[row * width + column]
                sums[label * width + column] -= part
                sums[cluster * width + column] = part
            }
        }
    }
}
