/// Ten bins of scores with their outcomes as integers: counts, and sums in units of 2⁻³⁰.
struct CalibrationSums: Sendable, Equatable {
    static let unit: Double = 0x1p30

    /// Counts, hits, scores, squared errors: ten of each.
    private(set) var cells = [Int64](repeating: 0, count: 4 * CalibrationBin.count)

    init() {}

    init?(cells: [Int64]) {
        guard cells.count == 4 * CalibrationBin.count else { return nil }
        self.cells = cells
    }

    /// - Parameter score: in 0…1.
    mutating func add(_ score: Double, hit: Bool) {
        let bin = CalibrationBin.index(of: score)
        let error = (hit ? 1 : 0) - score
        cells[bin] += 1
        if hit { cells[CalibrationBin.count + bin] += 1 }
        cells[2 * CalibrationBin.count + bin] += FixedPoint.rounded(score * Self.unit)
        cells[3 * CalibrationBin.count + bin] += FixedPoint.rounded(error * error * Self.unit)
    }

    mutating func merge(_ other: CalibrationSums) {
        for index in cells.indices { cells[index] = FixedPoint.saturatingSum(cells[index], other.cells[index]) }
    }

    var bins: [CalibrationBin] {
        (0..<CalibrationBin.count).map { index in
            var bin = CalibrationBin()
            bin.count = Double(cells[index])
            bin.hits = Double(cells[CalibrationBin.count + index])
            bin.scores = Double(cells[2 * CalibrationBin.count + index]) / Self.unit
            bin.squares = Double(cells[3 * CalibrationBin.count + index]) / Self.unit
            return bin
        }
    }

    /// Exact to 2⁻³¹.
    var expectedError: MetricValue {
        var found = bins.expectedCalibrationError()
        if found.value != nil { found.errorBound = 0x1p-31 }
        return found
    }
}
