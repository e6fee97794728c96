/// How one column becomes numbers; see `MultivariateEncoder`.
struct ColumnEncoding: Sendable {
    enum Form: Sendable {
        /// `indicator` is what a missing value is worth; `nil` where the reference has none missing.
        case number(mean: Double, scale: Double, indicator: Double?)
        /// The place of each kept category, of all others and of missing ones, and what an indicator is worth.
        case categories(places: [ExactText: Int], known: Set<ExactText>, other: Int?, missing: Int?, worth: Double)
    }

    let name: String
    let form: Form
    let width: Int

    init(_ column: MultivariateRows.Column, maximumCategories: Int) {
        name = column.name
        switch column.cells {
        case .numeric(let values): (form, width) = Self.number(values)
        case .categories(let codes, let names): (form, width) = Self.categories(codes, names, maximumCategories)
        }
    }

    private static func number(_ values: [Double]) -> (Form, Int) {
        let finite = values.filter(\.isFinite).sorted()
        let moments = Moments(sorted: drawnIn(finite))
        let scale = moments.standardDeviation.isNormal ? moments.standardDeviation : 1
        let missing = values.isEmpty ? 0 : Double(values.count - finite.count) / Double(values.count)
        let indicator = missing > 0 ? 1 / spread(missing * (1 - missing)) : nil
        return (.number(mean: moments.mean, scale: scale, indicator: indicator), indicator == nil ? 1 : 2)
    }

    /// The outer 0.5 % at either end moved to the rest, where that leaves more than one value.
    private static func drawnIn(_ sorted: [Double]) -> [Double] {
        let outer = max(1, sorted.count / 200)
        guard sorted.count > 2 * outer else { return sorted }
        let (low, high) = (sorted[outer], sorted[sorted.count - 1 - outer])
        guard low < high else { return sorted }
        return sorted.map { min(max($0, low), high) }
    }

    private static func categories(_ codes: [Int32], _ names: [String], _ maximum: Int) -> (Form, Int) {
        var counts: [ExactText: Int] = [:]
        var occurrences = [Int](repeating: 0, count: names.count)
        for code in codes where code >= 0 { occurrences[Int(code)] += 1 }
        for (name, count) in zip(names, occurrences) where count > 0 { counts[ExactText(name), default: 0] += count }
        let ranked = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        let kept = ranked.prefix(maximum)
        var places: [ExactText: Int] = [:]
        for (place, entry) in kept.enumerated() { places[entry.key] = place }
        var sizes = kept.map(\.value)
        var (other, missing): (Int?, Int?) = (nil, nil)
        if ranked.count > kept.count {
            other = sizes.count
            sizes.append(ranked.dropFirst(maximum).reduce(0) { $0 + $1.value })
        }
        let absent = codes.count { $0 < 0 }
        if absent > 0 {
            missing = sizes.count
            sizes.append(absent)
        }
        let total = Double(max(1, codes.count))
        let concentration = sizes.reduce(0.0) { $0 + Double($1) / total * (Double($1) / total) }
        let form = Form.categories(
            places: places, known: Set(counts.keys), other: other, missing: missing,
            worth: 1 / spread(1 - concentration))
        return (form, sizes.count)
    }

    /// The root of a variance, not below 0.1: what is all but constant must not count for more than ten.
    private static func spread(_ variance: Double) -> Double { max(variance, 0.01).squareRoot() }

    /// Writes the column into its places of every row, and adds its surprises to the row's last number.
    func encode(
        _ cells: MultivariateRows.Cells?, rows: Int, into values: inout [Double], width: Int, offset: Int
    ) {
        switch (form, cells) {
        case (.number(let mean, let scale, let indicator), .numeric(let numbers)):
            for row in 0..<rows {
                guard numbers[row].isFinite else {
                    values[indicator == nil ? (row + 1) * width - 1 : row * width + offset + 1] += indicator ?? 1
                    continue
                }
                let distance = (numbers[row] - mean) / scale
                values[row * width + offset] = min(max(distance, -MultivariateEncoder.clip), MultivariateEncoder.clip)
            }
        case (.categories(_, _, _, _, let worth), .categories(let codes, let names)):
            let places = names.map { place(of: $0) }
            let absent = missingPlace
            for row in 0..<rows {
                let place = codes[row] < 0 ? absent : places[Int(codes[row])]
                if let place {
                    values[row * width + offset + place] = worth
                } else {
                    values[(row + 1) * width - 1] += 1
                }
            }
        case (.number(_, _, let indicator), _):
            for row in 0..<rows {
                values[indicator == nil ? (row + 1) * width - 1 : row * width + offset + 1] += indicator ?? 1
            }
        case (.categories(_, _, _, _, let worth), _):
            for row in 0..<rows {
                if let missingPlace {
                    values[row * width + offset + missingPlace] = worth
                } else {
                    values[(row + 1) * width - 1] += 1
                }
            }
        }
    }

    /// Where a category's indicator stands; `nil` for one that the reference never had.
    private func place(of name: String) -> Int? {
        guard case .categories(let places, let known, let other, _, _) = form else { return nil }
        let text = ExactText(name)
        return places[text] ?? (known.contains(text) ? other : nil)
    }

    private var missingPlace: Int? {
        guard case .categories(_, _, _, let missing, _) = form else { return nil }
        return missing
    }
}
