import Statistics

extension ColumnAttribution {
    /// Ranks the drifted columns among verdicts of one statistic (and one segment, or none).
    ///
    ///     share_c = w_c·d_c / Σ w·d   over the columns with the status `drift`
    ///
    /// w: the column's importance (1 where all weigh alike), d: the verdict's value, not below 0; of `wasserstein` and
    /// `energy`, which are in the column's own unit, the value as a multiple of the raise level. A column of unknown
    /// importance (no feature of the model) has no share and is not named; nor is one without a value.
    ///
    /// For example: w = 0.44, 0.21, 0 and d = 0.5, 0.4, 2 give 0.22 / 0.304 = 72 %, 28 % and 0 %; the drifted columns
    /// have 0.65 of the importance.
    ///
    /// - Returns: `nil` where no column could be judged.
    public init?(of verdicts: [Verdict], statistic: String, weights: ColumnWeights) {
        let judged = verdicts.filter { $0.status == .ok || $0.status == .drift }
        guard !judged.isEmpty else { return nil }
        let drifted = judged.filter { $0.status == .drift }
        var known: [(part: Part, evidence: Double, product: Double)] = []
        for verdict in drifted {
            guard let column = verdict.column, let value = verdict.value, value.isFinite,
                let evidence = verdict.comparableEvidence
            else { continue }
            let importance = weights.weight(of: column)
            guard let weight = weights.source == .equal ? 1 : importance else { continue }
            known.append(
                (Part(column: column, value: value, importance: importance, share: nil), evidence, weight * evidence))
        }
        known.sort { ($1.product, $1.evidence, $0.part.column) < ($0.product, $0.evidence, $1.part.column) }
        let sum = known.reduce(0) { $0 + $1.product }
        let parts = known.prefix(Self.maximumParts).map { part, _, product in
            var part = part
            part.share = sum > 0 && sum.isFinite ? product / sum : nil
            return part
        }
        let columns = Set(drifted.compactMap(\.column))
        self.init(
            statistic: statistic, weights: weights.source, drifted: columns.count,
            judged: Set(judged.compactMap(\.column)).count,
            driftedImportance: weights.source == .equal
                ? nil : columns.sorted().reduce(0) { $0 + (weights.weight(of: $1) ?? 0) },
            parts: parts)
    }
}

extension Verdict {
    /// Statistics in the column's own unit: seconds cannot be added to dollars.
    private static let inOwnUnit = Set([DriftStatistic.wasserstein, .energy].map(\.rawValue))

    /// How large the drift is, on one scale for all columns; `nil` where it cannot be said.
    fileprivate var comparableEvidence: Double? {
        guard case .drift(_, let statistic) = subject, let value, value.isFinite else { return nil }
        guard Self.inOwnUnit.contains(statistic) else { return max(0, value) }
        guard raiseLevel > 0 else { return nil }
        let multiple = max(0, value) / raiseLevel
        return multiple.isFinite ? multiple : nil
    }
}

/// Verdicts that can be compared with each other.
private struct DriftGroup: Hashable {
    var statistic: String
    var segment: String?
}

extension [Verdict] {
    /// The drift verdicts of one statistic and one segment together, in the order of their first.
    private var driftGroups: [(statistic: String, indices: [Int])] {
        var order: [DriftGroup] = []
        var groups: [DriftGroup: [Int]] = [:]
        for (index, verdict) in enumerated() {
            guard case .drift(_, let statistic) = verdict.subject else { continue }
            let key = DriftGroup(statistic: statistic, segment: verdict.segment)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(index)
        }
        return order.map { (statistic: $0.statistic, indices: groups[$0] ?? []) }
    }

    /// The same verdicts, the raised drift ones with the columns that carry the drift of their statistic and segment.
    ///
    /// - Parameter features: the columns that the model looks at. Others, its own output and the outcomes, carry nothing;
    ///   their verdicts say which features drifted with them. `nil`: all.
    public func attributed(by weights: ColumnWeights, among features: Set<String>? = nil) -> [Verdict] {
        var verdicts = self
        for (statistic, indices) in driftGroups {
            let raised = indices.filter { self[$0].status == .drift }
            guard !raised.isEmpty else { continue }
            let columns = ColumnAttribution(
                of: indices.map { self[$0] }.among(features), statistic: statistic, weights: weights)
            for index in raised {
                let importance = self[index].column.flatMap(weights.weight)
                guard columns != nil || importance != nil else { continue }
                verdicts[index].attribution = VerdictAttribution(columns: columns, importance: importance)
            }
        }
        return verdicts
    }

    private func among(_ features: Set<String>?) -> [Verdict] {
        guard let features else { return self }
        return filter { $0.column.map { features.contains($0) } ?? false }
    }

    /// The columns that moved, by the first statistic that says that any did, else by the first that could judge.
    /// Verdicts on segments are left out. `nil` where no column could be judged.
    public func movedColumns(weights: ColumnWeights, among features: Set<String>? = nil) -> ColumnAttribution? {
        let whole = filter { $0.segment == nil }.among(features)
        let found = whole.driftGroups.compactMap { statistic, indices in
            ColumnAttribution(of: indices.map { whole[$0] }, statistic: statistic, weights: weights)
        }
        return found.first { $0.drifted > 0 } ?? found.first
    }
}
