FROM mcr.microsoft.com/dotnet/aspnet:8.0 AS base
USER 1654
WORKDIR /app
EXPOSE 8080
EXPOSE 8081

FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
ARG BUILD_CONFIGURATION=Release
WORKDIR /src
COPY ["Shop.csproj", "./"]
RUN dotnet restore "./Shop.csproj"
COPY . .
RUN dotnet build "./Shop.csproj" -c $BUILD_CONFIGURATION -o /app/build

FROM build AS publish
ARG BUILD_CONFIGURATION=Release
RUN dotnet publish "./Shop.csproj" -c $BUILD_CONFIGURATION -o /app/publish/shop.dll /p:UseAppHost=false

FROM base AS final
WORKDIR /app
COPY --from=publish /app/publish .
ENTRYPOINT ["dotnet", "Shop.dll"]
