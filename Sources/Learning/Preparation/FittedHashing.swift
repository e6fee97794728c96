import Statistics

/// Buckets of hashed categories; there is nothing to learn.
struct FittedHashing: FittedTransform {
    let names: [String]
    let buckets: Int

    init(names: [String], buckets: Int) throws(LearningError) {
        guard (2...4_096).contains(buckets) else {
            throw invalidStep("hashing into \(buckets) buckets", advice: "Take 2 to 4,096.")
        }
        guard names.count * buckets <= FittedOneHot.maximumOutputs else {
            throw invalidStep(
                "hashing would make \(names.count * buckets) columns, more than \(FittedOneHot.maximumOutputs)",
                advice: "Take fewer buckets or fewer columns.")
        }
        self.names = names
        self.buckets = buckets
    }

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        for name in names {
            let (cells, categories) = try columns.categories(name)
            let codes: [Int32]
            if cells.count < categories.count {
                codes = cells.map { $0 < 0 ? -1 : bucket(of: categories[Int($0)]) }
            } else {
                let known = categories.map { bucket(of: $0) }
                codes = cells.map { $0 < 0 ? -1 : known[Int($0)] }
            }
            for (bucket, flags) in IndicatorColumns.flags(count: buckets, codes: codes, unseen: -1).enumerated() {
                try columns.append(TableColumn(name: "\(name)#\(bucket)", values: .boolean(flags)))
            }
        }
        columns.remove(Set(names))
    }

    private func bucket(of category: String) -> Int32 {
        var category = category
        let hash = category.withUTF8 { ByteHash.fnv1a(UnsafeRawBufferPointer($0)) }
        // FNV's low bits alone are poor for short texts.
        return Int32(SplitMix.mixed(hash) % UInt64(buckets))
    }

    var isConsistent: Bool { (2...4_096).contains(buckets) }

    var description: String { "Categories fall into \(buckets) hash buckets each: \(listed(names))." }
}
