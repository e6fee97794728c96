extension ColumnStorage {
    /// Two categorical columns, one after the other: those of the first keep their codes.
    static func joined(
        _ codes: [Int32], _ names: [String], _ more: [Int32], _ others: [String]
    ) -> ColumnStorage {
        var all = names
        var places = Dictionary(zip(names, Int32(0)...), uniquingKeysWith: { first, _ in first })
        let translated = others.map { name in
            if let place = places[name] { return place }
            let place = Int32(all.count)
            places[name] = place
            all.append(name)
            return place
        }
        return .categorical(codes: codes + more.map { $0 < 0 ? -1 : translated[Int($0)] }, categories: all)
    }
}
