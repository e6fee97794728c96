/// One run of the profiler: what is known so far of a table's columns.
struct ProfileWork {
    private let profiler: TableProfiler
    private let table: Table
    private var target: ProfiledTarget?
    /// The target as numbers: what pictures show the mean of.
    private var targetNumbers: [Double]?
    private var views: [ColumnView] = []
    private var relations: [TargetRelation?] = []
    private var suspects: [LeakageSuspect] = []
    private var cells: [String: DistributionCells] = [:]

    init(_ profiler: TableProfiler, _ table: Table) {
        self.profiler = profiler
        self.table = table
        guard let column = profiler.target.flatMap({ table[$0] }) else { return }
        let view = ColumnView(column, time: profiler.timeOfText)
        let target = ProfiledTarget(view)
        self.target = target
        if let positive = target.positive {
            targetNumbers = target.classes.map { $0 < 0 ? .nan : $0 == Int32(positive) ? 1 : 0 }
        } else if case .numbers(let numbers) = view.cells {
            targetNumbers = numbers
        }
    }

    /// Each column by itself and against the target; its sorted copy lives no longer than that.
    mutating func lookAtColumns() {
        let counter = target.map(TargetCounter.init)
        let isWide = table.columns.count > profiler.maximumColumns
        for column in table.columns {
            var view = ColumnView(column, time: profiler.timeOfText)
            let isTarget = column.name == profiler.target
            relations.append(isTarget ? nil : counter?.relation(BinnedColumn(view)))
            if !isWide { cells[view.name] = DistributionCells(view, targets: isTarget ? nil : targetNumbers) }
            view.sorted = []
            views.append(view)
        }
    }

    mutating func finish(_ axis: TimeAxis?) -> TableProfile {
        findSuspects()
        let order = columnsByImportance()
        let missing = views.reduce(0) { $0 + $1.missing }
        var profile = TableProfile(
            rows: table.rowCount, columnCount: views.count,
            types: views.reduce(into: [:]) { $0[$1.type, default: 0] += 1 },
            missingShare: Double(missing) / Double(max(1, table.rowCount * views.count)), completeRows: completeRows,
            columns: described(order),
            duplicates: DuplicateFinder(rows: table.rowCount).find(
                views, target: profiler.target, time: profiler.time, times: axis?.times, classes: target?.classes),
            associations: matrix(order), target: target.map(TargetProfile.init), suspects: suspects,
            temporal: axis.map { temporal($0, order) }, notes: [])
        profile.notes = ProfileNote.all(profile, views: views)
        return profile
    }

    private mutating func findSuspects() {
        let detector = LeakageDetector(target, views: views)
        for (view, relation) in zip(views, relations) where view.name != profiler.time {
            let reasons = detector.reasons(view, relation)
            if !reasons.isEmpty { suspects.append(LeakageSuspect(column: view.name, reasons: reasons)) }
        }
        func weight(_ suspect: LeakageSuspect) -> Double {
            suspect.reasons.map { reason in
                switch reason {
                case .nearPerfect(let power, _): 3 + power
                case .missingWithTarget: 3
                case .constantWithinClass(_, _, _, let share), .constantOutsideClass(_, _, _, let share): 2 + 1 - share
                case .identifier: 1
                }
            }.max() ?? 0
        }
        let ranked = suspects.map { (suspect: $0, weight: weight($0)) }
        suspects = ranked.enumerated().sorted { left, right in
            left.element.weight == right.element.weight
                ? left.offset < right.offset : left.element.weight > right.element.weight
        }.prefix(TableProfiler.maximumSuspects).map(\.element.suspect)
    }

    private var completeRows: Int {
        var isComplete = [Bool](repeating: true, count: table.rowCount)
        for view in views where view.missing > 0 {
            switch view.cells {
            case .numbers(let numbers):
                for row in isComplete.indices where numbers[row].isNaN { isComplete[row] = false }
            case .codes(let codes, _): for row in isComplete.indices where codes[row] < 0 { isComplete[row] = false }
            }
        }
        return isComplete.count { $0 }
    }

    /// The target, the time, then by what they say of the target, then in the table's order.
    private func columnsByImportance() -> [Int] {
        func rank(_ index: Int) -> Double {
            if views[index].name == profiler.target { return 3 }
            if views[index].name == profiler.time { return 2 }
            return relations[index]?.informationShare ?? 0
        }
        let ranks = views.indices.map(rank)
        return views.indices.sorted { ranks[$0] == ranks[$1] ? $0 < $1 : ranks[$0] > ranks[$1] }
    }

    private func described(_ order: [Int]) -> [ColumnProfile] {
        order.prefix(profiler.maximumColumns).sorted().map { index in
            var column = ColumnProfile(views[index], relation: relations[index])
            let isTarget = column.name == profiler.target
            column.cells =
                cells[column.name]
                ?? DistributionCells(
                    ColumnView(table.columns[index], time: profiler.timeOfText), targets: isTarget ? nil : targetNumbers
                )
            return column
        }
    }

    private func matrix(_ order: [Int]) -> AssociationMatrix {
        let rows = RowHash.sample(table.rowCount, limit: profiler.maximumPairRows, seed: profiler.seed)
        return AssociationMatrix(
            order.map { views[$0] }.filter(\.isInformative), rows: rows, limit: profiler.maximumPairColumns)
    }

    private func temporal(_ axis: TimeAxis, _ order: [Int]) -> TemporalProfile {
        var profile = axis.profile()
        let drift = TemporalDrift(axis, parts: profiler.parts, seed: profiler.seed)
        profile.parts = drift.described
        let chosen = order.prefix(profiler.maximumColumns).map { views[$0] }.filter {
            $0.isInformative && $0.type != .time && $0.name != axis.column
        }
        let all = chosen.map { drift.drift($0) }
        profile.drift = all.enumerated().sorted { left, right in
            let (first, second) = (left.element.largest?.psi ?? -1, right.element.largest?.psi ?? -1)
            return first == second ? left.offset < right.offset : first > second
        }.map(\.element)
        profile.standstills = chosen.compactMap { drift.standstill($0) }
        return profile
    }
}
