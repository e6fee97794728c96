extension PerformanceSummary {
    private static let formatVersion: UInt8 = 2

    /// Version byte, variable-length counts, checksum. Version 2 has the sums that intervals need; version 1 lacks them
    /// and is refused.
    public func serialized() -> [UInt8] {
        var writer = ByteWriter(version: Self.formatVersion)
        writer.write(count: invalidScores)
        switch (task, tally) {
        case (.binary(let positive), .binary(let tally)):
            writer.write(UInt8(0))
            writer.write(positive)
            writer.write(tally.confusion)
            writer.write(tally.scores)
            writer.write(counts: tally.histogram.counts)
            writer.write(tally.calibration)
        case (.multiclass(let classes), .multiclass(let tally)):
            writer.write(UInt8(1))
            writer.write(unsigned: UInt64(classes.count))
            for name in classes { writer.write(name) }
            writer.write(counts: tally.confusion.counts)
            writer.write(tally.scores)
            writer.write(tally.calibration)
        case (.regression, .regression(let sums)):
            writer.write(UInt8(2))
            writer.write(sums)
        default: preconditionFailure("a task has its own tally")
        }
        return writer.sealed()
    }

    /// - Throws: `StatisticsError` if the bytes are damaged or of another version.
    public init(serialized bytes: [UInt8]) throws(StatisticsError) {
        var reader = try ByteReader(bytes, version: Self.formatVersion, what: "performance summary")
        let invalid = try reader.readCount()
        switch try reader.readByte() {
        case 0:
            self.init(task: .binary(positive: try reader.readString()))
            tally = .binary(try reader.readBinaryTally())
        case 1:
            let names = try reader.readClasses()
            self.init(task: .multiclass(classes: names))
            tally = .multiclass(try reader.readMulticlassTally(classes: names.count))
        case 2:
            let sums = try reader.readErrorSums()
            self.init(task: .regression, scale: sums.scale)
            tally = .regression(sums)
        default: throw reader.damage("there is no such task")
        }
        invalidScores = invalid
        try reader.finish()
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ confusion: BinaryConfusion) {
        for count in [
            confusion.truePositives, confusion.falsePositives, confusion.trueNegatives, confusion.falseNegatives,
        ] { write(count: count) }
    }

    fileprivate mutating func write(_ scores: ScoreSums) {
        for count in [scores.count, scores.logLoss, scores.brier] { write(count: count) }
        write(scores.logLossSquares)
        write(scores.brierSquares)
    }

    fileprivate mutating func write(_ calibration: CalibrationSums) {
        for cell in calibration.cells { write(count: cell) }
    }

    fileprivate mutating func write(_ sums: ErrorSums) {
        write(sums.scale)
        for path in ErrorSums.counts { write(count: sums[keyPath: path]) }
        for path in ErrorSums.positiveSums + ErrorSums.signedSums { write(sums[keyPath: path]) }
        for path in ErrorSums.wideSums {
            write(sums[keyPath: path].high)
            write(Int128(truncatingIfNeeded: sums[keyPath: path].low))
        }
    }
}

extension ByteReader {
    fileprivate mutating func readScores() throws(StatisticsError) -> ScoreSums {
        var scores = ScoreSums()
        scores.count = try readCount()
        scores.logLoss = try readSum()
        scores.brier = try readSum()
        scores.logLossSquares = try readInt128()
        scores.brierSquares = try readInt128()
        guard scores.logLossSquares >= 0, scores.brierSquares >= 0 else { throw damage("a sum is negative") }
        return scores
    }

    fileprivate mutating func readCalibration() throws(StatisticsError) -> CalibrationSums {
        var cells: [Int64] = []
        // Counts of rows and of positives, then two sums.
        for _ in 0..<(2 * CalibrationBin.count) { cells.append(try readCount()) }
        for _ in 0..<(2 * CalibrationBin.count) { cells.append(try readSum()) }
        guard let sums = CalibrationSums(cells: cells) else { throw damage("its calibration bins are too many") }
        return sums
    }

    fileprivate mutating func readBinaryTally() throws(StatisticsError) -> PerformanceSummary.BinaryTally {
        var tally = PerformanceSummary.BinaryTally()
        tally.confusion.truePositives = try readCount()
        tally.confusion.falsePositives = try readCount()
        tally.confusion.trueNegatives = try readCount()
        tally.confusion.falseNegatives = try readCount()
        tally.scores = try readScores()
        guard let histogram = ScoreHistogram(counts: try readCounts()) else {
            throw damage("its score histogram has another number of bins")
        }
        tally.histogram = histogram
        tally.calibration = try readCalibration()
        return tally
    }

    fileprivate mutating func readClasses() throws(StatisticsError) -> [String] {
        let count = try readLength()
        guard count <= PerformanceSummary.maximumClasses else { throw damage("\(count) classes are too many") }
        var names: [String] = []
        for _ in 0..<count { names.append(try readString()) }
        return names
    }

    fileprivate mutating func readMulticlassTally(
        classes: Int
    ) throws(StatisticsError) -> PerformanceSummary.MulticlassTally {
        let counts = try readCounts()
        guard counts.count == classes * classes else { throw damage("its confusion matrix is not square") }
        var tally = PerformanceSummary.MulticlassTally(
            confusion: MulticlassConfusion(classes: classes, counts: counts))
        tally.scores = try readScores()
        tally.calibration = try readCalibration()
        return tally
    }

    fileprivate mutating func readErrorSums() throws(StatisticsError) -> ErrorSums {
        let scale = try readDouble()
        guard scale.isNormal, scale > 0, scale.significand == 1 else { throw damage("its scale is no power of two") }
        var sums = ErrorSums(scale: scale)
        for path in ErrorSums.counts { sums[keyPath: path] = try readCount() }
        for path in ErrorSums.positiveSums {
            sums[keyPath: path] = try readInt128()
            guard sums[keyPath: path] >= 0 else { throw damage("a sum is negative") }
        }
        for path in ErrorSums.signedSums { sums[keyPath: path] = try readInt128() }
        for path in ErrorSums.wideSums {
            let high = try readInt128()
            sums[keyPath: path] = WideSum(high: high, low: UInt128(truncatingIfNeeded: try readInt128()))
        }
        return sums
    }
}
