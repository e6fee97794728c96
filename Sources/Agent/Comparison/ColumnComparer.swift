import Statistics

/// Compares one column of two tables: statistics, evidence and effect, but no verdict yet, because p-values are
/// corrected over all columns first.
struct ColumnComparer {
    let pair: ColumnPair
    let statistics: [DriftStatistic]?
    let options: ComparisonOptions

    /// Sets everything but the verdict; the uncorrected p-value stands in `adjustedPValue` until then.
    func fill(_ column: inout ComparedColumn) {
        column.kind = pair.kind.rawValue
        let ordered = pair.ordered
        column.histogram = ComparedHistogram(ordered)
        let asked = statistics ?? ComparisonOptions.shown(for: pair.kind)
        let rows = min(pair.reference.rows, pair.current.rows)
        guard rows > 0, pair.reference.present + pair.current.present > 0 else {
            column.refuse(.noData, .noValues, statistics: asked)
            return
        }
        guard rows >= options.minimumRows else {
            column.refuse(.insufficient, .tooFewRows, statistics: asked)
            return
        }
        let profile = pair.referenceProfile
        let cells = pair.cells(on: profile)
        let test = WholeSampleTest(pair, ordered: ordered)
        for statistic in asked {
            let own =
                test.statistic == statistic
                ? ComparedStatistic(test.result)
                : ComparedStatistic(statistic, onAllValuesOf: ordered, deviation: profile.columns[0].standardDeviation)
            column.statistics[statistic.rawValue] = own ?? ComparedStatistic(cells.compute(statistic))
        }
        column.effect = cells.compute(.psiExcess).value
        column.evidence = test.evidence
        column.adjustedPValue = test.evidence?.pValue
        // Too many rare categories for a test, an identifier for example.
        let isJudged = column.effect != nil && column.adjustedPValue != nil
        column.status = isJudged ? .ok : .insufficient
        column.reason = .notComputable
    }
}

/// The two-sample test of a pair, on all of its values: Kolmogorov–Smirnov for numbers, chi-square on the categories
/// of both sides otherwise.
private struct WholeSampleTest {
    let statistic: DriftStatistic
    let result: TestResult
    /// Against "nothing has changed", missing values included; `nil` where no test could be made.
    let evidence: DecidingTest?

    /// - Parameter ordered: the pair's present values in order, which spares every test its sorting.
    init(_ pair: ColumnPair, ordered: ColumnPair) {
        switch (ordered.reference, ordered.current) {
        case (.numeric(let reference), .numeric(let current)):
            statistic = .ks
            result = TwoSampleTests.kolmogorovSmirnov(reference, current)
            evidence = Self.bonferroni([("ks", result), ("missing", Self.absence(pair))])
        case (.categories, .categories):
            statistic = .chiSquare
            let (left, right) = (pair.reference.occurrences, pair.current.occurrences)
            let all = Set(left.keys).union(right.keys).sorted()
            result = TwoSampleTests.chiSquareContingency(
                all.map { Int64(left[$0] ?? 0) } + [Int64(pair.reference.missing)],
                all.map { Int64(right[$0] ?? 0) } + [Int64(pair.current.missing)])
            evidence = Self.bonferroni([("chi_square", result)])
        default: preconditionFailure("a pair has one kind")
        }
    }

    /// Kolmogorov–Smirnov sees present values only; whether more are missing or infinite now is a test of its own.
    private static func absence(_ pair: ColumnPair) -> TestResult? {
        let sides = [pair.reference, pair.current]
        guard sides.contains(where: { $0.present < $0.rows }) else { return nil }
        let cells = sides.map { side in
            [side.present, side.missing, side.rows - side.present - side.missing].map(Int64.init)
        }
        return TwoSampleTests.chiSquareContingency(cells[0], cells[1])
    }

    private static func bonferroni(_ results: [(name: String, result: TestResult?)]) -> DecidingTest? {
        let usable = results.filter { $0.result?.status == .ok }
        let tests = usable.map { DecidingTest(test: $0.name, pValue: $0.result?.pValue ?? 1) }
        guard var least = tests.min(by: { $0.pValue < $1.pValue }) else { return nil }
        least.pValue = min(1, least.pValue * Double(tests.count))
        return least
    }
}

extension ColumnPair {
    fileprivate var referenceProfile: ReferenceProfile {
        ReferenceBuilder.build(columns: [(name: name, values: reference.profileValues(kind))])
    }

    /// Numbers without what is missing or infinite, ascending; categories as they are.
    fileprivate var ordered: ColumnPair {
        func ordered(_ side: ColumnSide) -> ColumnSide {
            guard case .numeric(let values) = side else { return side }
            return .numeric(values.filter(\.isFinite).sorted())
        }
        var pair = self
        (pair.reference, pair.current) = (ordered(reference), ordered(current))
        return pair
    }

    /// Both sides on the cells of the reference's profile, as the agent would see them.
    fileprivate func cells(on profile: ReferenceProfile) -> ColumnComparison {
        let pane = PaneAccumulator(encoder: ReferenceEncoder(profile))
        switch current {
        case .numeric(let values):
            for value in values { pane.add(numeric: value, column: 0) }
        case .categories(let codes, let names):
            let texts = names.map { Array($0.utf8) }
            for code in codes {
                if code < 0 {
                    pane.addMissing(column: 0)
                } else if kind == .boolean {
                    pane.add(boolean: code == 1, column: 0)
                } else {
                    texts[Int(code)].withUnsafeBytes { pane.add(category: $0, column: 0) }
                }
            }
        }
        pane.events = Int64(current.rows)
        return ColumnComparison(reference: profile.columns[0], window: pane.summary().columns[0])
    }
}

extension ColumnSide {
    fileprivate func profileValues(_ kind: ColumnKind) -> ReferenceBuilder.ColumnValues {
        switch self {
        case .numeric(let values): .numeric(values)
        case .categories(let codes, _) where kind == .boolean: .boolean(codes.map { $0 < 0 ? nil : $0 == 1 })
        case .categories(let codes, let names): .categorical(codes.map { $0 < 0 ? nil : names[Int($0)] })
        }
    }
}

extension ComparedStatistic {
    /// Of the single values of both tables; `nil` for what is defined on cells, and where a side has no value.
    ///
    /// - Parameter deviation: the reference's standard deviation.
    fileprivate init?(_ statistic: DriftStatistic, onAllValuesOf pair: ColumnPair, deviation: Double) {
        guard case .numeric(let reference) = pair.reference, case .numeric(let current) = pair.current else {
            return nil
        }
        switch statistic {
        case .cramerVonMises: self.init(TwoSampleTests.cramerVonMises(reference, current))
        case .andersonDarling: self.init(TwoSampleTests.andersonDarling([reference, current]))
        case .energy:
            guard let distance = SampleDistances.energy(reference, current) else { return nil }
            self.init(value: distance, pValue: nil, status: .ok, method: "exact")
        case .wasserstein, .wassersteinNormalized:
            let isPlain = statistic == .wasserstein
            guard isPlain || deviation.isNormal, let distance = SampleDistances.wasserstein(reference, current),
                (distance / (isPlain ? 1 : deviation)).isFinite
            else { return nil }
            self.init(value: distance / (isPlain ? 1 : deviation), pValue: nil, status: .ok, method: "exact")
        default: return nil
        }
    }

    init(_ value: StatisticValue) {
        self.init(
            value: value.value, pValue: value.pValue, status: ComparisonStatus(value.status), method: value.method)
    }

    init(_ result: TestResult) {
        let isDone = result.status == .ok
        self.init(
            value: isDone ? result.statistic : nil, pValue: isDone ? result.pValue : nil,
            status: ComparisonStatus(result.status), method: isDone ? result.method : nil)
    }
}

extension ComparisonStatus {
    init(_ status: StatisticStatus) {
        switch status {
        case .ok: self = .ok
        case .insufficient: self = .insufficient
        case .noData: self = .noData
        case .error: self = .error
        }
    }
}

extension ComparedColumn {
    fileprivate mutating func refuse(
        _ status: ComparisonStatus, _ reason: ComparisonReason, statistics asked: [DriftStatistic]
    ) {
        self.status = status
        self.reason = reason
        for statistic in asked { statistics[statistic.rawValue] = ComparedStatistic(status: status) }
    }
}
